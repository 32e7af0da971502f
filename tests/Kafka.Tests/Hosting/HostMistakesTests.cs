using Confluent.Kafka;
using MassTransit;

namespace IotBus.Kafka.Tests;

/// <summary>What is wrong about security and acknowledgements fails at the start, and says what to change.</summary>
public sealed class HostMistakesTests
{
    private const string Nowhere = "127.0.0.1:1";
    private const string Secret = "hunter2-secret";

    public static TheoryData<string, Action<IKafkaFactoryConfigurator>> Mistakes => new()
    {
        { "Acks is Leader, but the rider's idempotent producer waits for all in-sync replicas: remove it", k => { k.Host(Nowhere); k.Acks = Acks.Leader; } },
        { "Acks is None", k => { k.Host(Nowhere); k.ConfigureClient(client => client.Acks = Acks.None); } },
        { "UseSasl has no Mechanism: set it to Plain, ScramSha256, ScramSha512", Sasl(_ => { }) },
        { "UseSasl has no Username, which ScramSha256 needs", Sasl(sasl => { sasl.Mechanism = SaslMechanism.ScramSha256; sasl.Password = Secret; }) },
        { "UseSasl has no Password, which Plain needs", Sasl(sasl => { sasl.Mechanism = SaslMechanism.Plain; sasl.Username = "me"; }) },
        {
            "UseSasl is called, and SecurityProtocol is Plaintext: call UseSsl too, or set SecurityProtocol to SaslSsl",
            k => k.Host(Nowhere, host => host.UseSasl(sasl => { sasl.Mechanism = SaslMechanism.Plain; sasl.Username = "me"; sasl.Password = Secret; }))
        },
        { "UseSsl is called, and SecurityProtocol is Plaintext", k => { k.Host(Nowhere, host => host.UseSsl(_ => { })); k.SecurityProtocol = SecurityProtocol.Plaintext; } },
        { "UseSsl has CaLocation '/no/such/ca.pem', where nothing is", Ssl(ssl => ssl.CaLocation = "/no/such/ca.pem") },
        { "UseSsl has the client's certificate without its key: set KeyLocation or KeyPem", Ssl(ssl => ssl.CertificatePem = "pem") },
        { "UseSsl has the client's key without its certificate: set CertificateLocation or CertificatePem", Ssl(ssl => ssl.KeyPem = Secret) },
        { "Host was called twice", k => { k.Host(Nowhere); k.Host([Nowhere, Nowhere]); } },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_fails_at_the_start_with_what_to_change_and_without_a_secret(string told, Action<IKafkaFactoryConfigurator> configure)
    {
        var exception = await Assert.ThrowsAsync<ConfigurationException>(() => RiderHost.StartAsync(rider => rider.UsingKafka((_, k) => configure(k))));

        Assert.Contains(told, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_librdkafka_refuses_is_not_told()
    {
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => RiderHost.StartAsync(rider => rider.UsingKafka((_, k) => Ssl(ssl =>
        {
            ssl.CertificatePem = "-----no certificate-----";
            ssl.KeyPem = Secret;
        })(k))));

        Assert.Contains(Nowhere, exception.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("remove Acks, or set EnableIdempotence to false too", "acks", "1")]
    [InlineData("the rider does not produce in transactions: remove it", "transactional.id", "me")]
    [InlineData("the rider does not produce in transactions: remove it", "transaction.timeout.ms", "1000")]
    [InlineData("has DeliveryReportFields key, so that no report says", "dotnet.producer.delivery.report.fields", "key")]
    [InlineData("has delivery.report.only.error true, so that no report says", "delivery.report.only.error", "true")]
    [InlineData("has a MessageTimeout of 0", "message.timeout.ms", "0")]
    [InlineData("remove EnableDeliveryReports", "dotnet.producer.enable.delivery.reports", "false")]
    public async Task A_producers_own_mistake_is_told_with_its_topic(string told, string setting, string value)
    {
        ProducerConfig config = new();
        config.Set(setting, value);

        var exception = await Assert.ThrowsAsync<ConfigurationException>(() => RiderHost.StartAsync(rider =>
        {
            rider.AddProducer<string, Warmth>("readings", config);
            rider.UsingKafka((_, k) => k.Host(Nowhere));
        }));

        Assert.Contains("AddProducer(\"readings\")", exception.Message, StringComparison.Ordinal);
        Assert.Contains(told, exception.Message, StringComparison.Ordinal);
    }

    private static Action<IKafkaFactoryConfigurator> Sasl(Action<IKafkaSaslConfigurator> configure) => k => k.Host(Nowhere, host =>
    {
        host.UseSsl(_ => { });
        host.UseSasl(configure);
    });

    private static Action<IKafkaFactoryConfigurator> Ssl(Action<IKafkaSslConfigurator> configure) => k => k.Host(Nowhere, host => host.UseSsl(configure));
}
