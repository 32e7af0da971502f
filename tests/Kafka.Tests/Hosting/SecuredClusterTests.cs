using Confluent.Kafka;
using Confluent.Kafka.Admin;
using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
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
    public async Task A_member_of_a_group_consumes_and_commits_and_puts_aside_what_fails()
    {
        var config = SecuredKafka.FromEnvironment()!;
        var seen = new Seen { OnMessage = context => context.Message.Decibel < 0 ? throw new ArgumentException("too quiet") : Task.CompletedTask };
        await using var topic = await SecuredTopic.CreateAsync(config);
        await using var host = await StartAsync(config, topic.Name, config.SaslPassword, seen);
        var noises = host.Producer<string, Noise>();

        foreach (var decibel in new[] { 1, -1, 2 })
            await noises.Produce("key", new Noise { EventId = Guid.NewGuid(), Device = "d", Decibel = decibel });

        await Eventually.TrueAsync(async () => await topic.CommittedAsync() == 3, state: host.Log.ToString);
        Assert.Equal([1, 2], seen.Messages.Select(message => message.Decibel));
        Assert.Equal(1, topic.EndOffset(topic.Name + ".dlq"));
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

    /// <summary>A rider that produces to the topic, and consumes it if it is given who shall see what comes.</summary>
    private static Task<RiderHost> StartAsync(ClientConfig config, string topic, string password, Seen? seen = null) => RiderHost.StartAsync(
        rider =>
        {
            rider.AddProducer<string, Warmth>(topic);
            rider.AddProducer<string, Noise>(topic);
            rider.AddConsumer<NoiseConsumer>();
            rider.UsingKafka((context, k) =>
            {
                if (seen is not null)
                    k.TopicEndpoint<string, Noise>(topic, SecuredTopic.GroupOf(topic), endpoint => endpoint.ConfigureConsumer<NoiseConsumer>(context));

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
        },
        services => services.AddSingleton(seen ?? new Seen()));

    /// <summary>A topic, with its dead-letter topic and a group that may consume it.</summary>
    private sealed class SecuredTopic(IAdminClient admin, ClientConfig config, string name) : IAsyncDisposable
    {
        public string Name => name;

        private string[] Names => [name, name + ".dlq"];

        public static async Task<SecuredTopic> CreateAsync(ClientConfig config)
        {
            Librdkafka.EnsureLoaded();
            var admin = new AdminClientBuilder(new AdminClientConfig(new Dictionary<string, string>(config))).Build();
            var topic = new SecuredTopic(admin, config, $"secured-{Guid.NewGuid():N}");
            await admin.CreateTopicsAsync(topic.Names.Select(name => new TopicSpecification { Name = name, NumPartitions = 1, ReplicationFactor = -1 }));
            return topic;
        }

        public static string GroupOf(string topic) => $"group-of-{topic}";

        /// <summary>What the group has committed; negative when there is nothing.</summary>
        public async Task<long> CommittedAsync()
        {
            var offsets = await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(GroupOf(name), [new TopicPartition(name, 0)])]);
            return offsets[0].Partitions[0].Offset;
        }

        public long EndOffset(string? of = null)
        {
            using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig(new Dictionary<string, string>(config)) { GroupId = "unused" }).Build();
            return consumer.QueryWatermarkOffsets(new TopicPartition(of ?? name, 0), TimeSpan.FromSeconds(10)).High.Value;
        }

        public async ValueTask DisposeAsync()
        {
            await admin.DeleteTopicsAsync(Names);
            try
            {
                await admin.DeleteGroupsAsync([GroupOf(name)]);
            }
            catch (DeleteGroupsException exception) when (exception.Results[0].Error.Code == ErrorCode.GroupIdNotFound)
            {
                // The test consumed nothing.
            }

            admin.Dispose();
        }
    }
}
