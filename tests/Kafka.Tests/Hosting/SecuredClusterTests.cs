using Confluent.Kafka;
using Confluent.Kafka.Admin;
using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka.Tests;

/// <summary>
/// SASL over TLS, on the cluster of <c>IOTBUS_TEST_KAFKA_CONFIG</c>. Set as users set it: through <c>UseSasl</c> and <c>UseSsl</c>.
/// </summary>
public sealed class SecuredClusterTests
{
    [SecuredKafkaFact]
    public async Task A_client_that_says_who_it_is_produces_and_is_acknowledged()
    {
        var config = SecuredKafka.FromEnvironment()!;
        await using var topic = await SecuredTopic.CreateAsync(config);
        await using var host = await StartAsync(config, topic.Name, config.SaslPassword);

        await host.Producer<string, Warmth>().Produce("key", Some.Warmth());

        Assert.Equal(1, topic.EndOffset());
        Assert.DoesNotContain(config.SaslPassword, host.Log.ToString(), StringComparison.Ordinal);
    }

    [SecuredKafkaFact]
    public async Task A_client_with_a_wrong_password_is_told_once_with_the_address_and_its_messages_fail()
    {
        var config = SecuredKafka.FromEnvironment()!;
        await using var topic = await SecuredTopic.CreateAsync(config);
        await using var host = await StartAsync(config, topic.Name, "a-wrong-password");

        var failure = await Assert.ThrowsAsync<TopicProduceException>(() => host.Producer<string, Warmth>().Produce("key", Some.Warmth()));

        Assert.Equal(ProduceFailure.NotAcknowledged, failure.Failure);
        Assert.Single(host.Log.Lines, line => line.Level == LogLevel.Error && line.Text.Contains("let the client in", StringComparison.Ordinal));
        Assert.DoesNotContain("a-wrong-password", host.Log.ToString() + failure, StringComparison.Ordinal);
        Assert.Equal(0, topic.EndOffset());
    }

    private static Task<RiderHost> StartAsync(ClientConfig config, string topic, string password) => RiderHost.StartAsync(rider =>
    {
        rider.AddProducer<string, Warmth>(topic);
        rider.UsingKafka((_, k) =>
        {
            k.SecurityProtocol = config.SecurityProtocol;
            k.ConfigureProducer(producer => producer.DeliveryTimeout = TimeSpan.FromSeconds(5));
            k.Host(config.BootstrapServers, host =>
            {
                if (config.SecurityProtocol == SecurityProtocol.SaslSsl)
                {
                    host.UseSsl(ssl =>
                    {
                        if (config.SslCaLocation is not null)
                            ssl.CaLocation = config.SslCaLocation;

                        ssl.EndpointIdentificationAlgorithm = config.SslEndpointIdentificationAlgorithm;
                    });
                }

                host.UseSasl(sasl =>
                {
                    sasl.Mechanism = config.SaslMechanism;
                    sasl.Username = config.SaslUsername;
                    sasl.Password = password;
                });
            });
        });
    });

    private sealed class SecuredTopic(IAdminClient admin, ClientConfig config, string name) : IAsyncDisposable
    {
        public string Name => name;

        public static async Task<SecuredTopic> CreateAsync(ClientConfig config)
        {
            Librdkafka.EnsureLoaded();
            var admin = new AdminClientBuilder(new AdminClientConfig(new Dictionary<string, string>(config))).Build();
            var topic = new SecuredTopic(admin, config, $"secured-{Guid.NewGuid():N}");
            await admin.CreateTopicsAsync([new TopicSpecification { Name = topic.Name, NumPartitions = 1, ReplicationFactor = -1 }]);
            return topic;
        }

        public long EndOffset()
        {
            using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig(new Dictionary<string, string>(config)) { GroupId = "unused" }).Build();
            return consumer.QueryWatermarkOffsets(new TopicPartition(name, 0), TimeSpan.FromSeconds(10)).High.Value;
        }

        public async ValueTask DisposeAsync()
        {
            await admin.DeleteTopicsAsync([name]);
            admin.Dispose();
        }
    }
}
