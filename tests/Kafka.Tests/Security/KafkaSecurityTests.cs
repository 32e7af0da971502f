using Confluent.Kafka;
using IotBus.Testing;
using MassTransit;

namespace IotBus.Kafka.Tests.Security;

public sealed class KafkaSecurityTests
{
    private static readonly string File = typeof(KafkaSecurityTests).Assembly.Location;

    public static TheoryData<string, KafkaSecurity> Mistakes => new()
    {
        { "set Kafka:Security:Username and Kafka:Security:Password", new() { Protocol = SecurityProtocol.SaslSsl } },
        { "set Kafka:Security:Username and Kafka:Security:Password", new() { Protocol = SecurityProtocol.SaslPlaintext, Username = "api" } },
        { "nobody logs in with Kafka:Security:Protocol Plaintext", new() { Username = "api", Password = "secret" } },
        { "nobody logs in with Kafka:Security:Protocol Ssl", new() { Protocol = SecurityProtocol.Ssl, Password = "secret" } },
        { "Mechanism is Gssapi", new() { Protocol = SecurityProtocol.SaslSsl, Mechanism = SaslMechanism.Gssapi, Username = "api", Password = "secret" } },
        { "Protocol Plaintext encrypts nothing", new() { CaLocation = File } },
        { "/no/ca.crt, which is not there", new() { Protocol = SecurityProtocol.Ssl, CaLocation = "/no/ca.crt" } },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void What_contradicts_itself_is_refused_with_what_to_change(string told, KafkaSecurity security)
    {
        var client = new ClientConfig();

        var error = Assert.Throws<ConfigurationException>(() => security.Apply(client));

        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Empty(client);
    }

    [Fact]
    public void Nothing_set_is_a_connection_in_the_clear()
    {
        var client = new ClientConfig();

        new KafkaSecurity().Apply(client);

        Assert.Equal(SecurityProtocol.Plaintext, client.SecurityProtocol);
        Assert.Null(client.SaslMechanism);
    }

    [Fact]
    public async Task A_client_trusts_the_authority_and_logs_in_with_its_mechanism()
    {
        await using var broker = new TlsBroker();

        await AskAsync(broker, broker.Authority, until: () => broker.FirstMessage.IsCompleted);

        Assert.Equal("SCRAM-SHA-512", await broker.Mechanism);
        Assert.StartsWith("n,,n=api,r=", await broker.FirstMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_tells_nothing_to_a_broker_of_another_authority()
    {
        await using var broker = new TlsBroker();
        await using var other = new TlsBroker();

        // Who connects again has given the first connection up.
        await AskAsync(broker, other.Authority, until: () => broker.Connections > 1);

        Assert.False(broker.Mechanism.IsCompleted);
    }

    /// <summary>Asks a broker that lets nobody in, for as long as it takes until it has seen what it shall.</summary>
    private static async Task AskAsync(TlsBroker broker, string authority, Func<bool> until)
    {
        var security = new KafkaSecurity { Protocol = SecurityProtocol.SaslSsl, Username = "api", Password = "secret", CaLocation = authority };
        using var administration = new KafkaTopicAdministration(
            broker.Address,
            client =>
            {
                security.Apply(client);
                client.BrokerAddressFamily = BrokerAddressFamily.V4;
            },
            Eventually.DefaultDeadline * 2);
        using var enough = new CancellationTokenSource();
        var asking = administration.DescribeAsync("any", enough.Token);

        await Eventually.TrueAsync(until, state: () => $"The client: {asking.Exception?.Message ?? "asks"}");

        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }
}
