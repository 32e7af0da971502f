using Microsoft.Extensions.Configuration;

namespace IotBus.Bus.Tests;

/// <summary>Settings are checked when a service starts.</summary>
public sealed class BusOptionsTests
{
    private const string Secret = "hunter2";

    private static readonly Dictionary<string, string?> Whole = new()
    {
        ["Bus:Transport"] = "rabbitmq",
        ["Bus:RabbitMq:Host"] = "broker.example",
        ["Bus:RabbitMq:Username"] = "iotbus",
        ["Bus:RabbitMq:Password"] = Secret,
    };

    [Fact]
    public void Without_settings_the_bus_is_in_memory() => Assert.Equal(BusTransportKind.InMemory, Read([]).Kind);

    [Theory]
    [InlineData(null, 5672)]
    [InlineData("true", 5671)]
    public void The_port_is_the_usual_one_of_the_protocol(string? tls, int port)
    {
        var options = Read(new(Whole) { ["Bus:RabbitMq:Tls"] = tls ?? "false" });

        Assert.Equal(BusTransportKind.RabbitMq, options.Kind);
        Assert.Equal(port, options.RabbitMq.EffectivePort);
    }

    [Theory]
    [InlineData("Bus:Transport", "Rabbit", "Bus:Transport is 'Rabbit': it must be InMemory or RabbitMq.")]
    [InlineData("Bus:Transport", "1", "Bus:Transport is '1': it must be InMemory or RabbitMq.")]
    [InlineData("Bus:RabbitMq:Host", "", "Bus:RabbitMq:Host is not set")]
    [InlineData("Bus:RabbitMq:Host", "amqp://broker:5672", "Bus:RabbitMq:Host is no host name")]
    [InlineData("Bus:RabbitMq:Port", "70000", "Bus:RabbitMq:Port is 70000")]
    [InlineData("Bus:RabbitMq:VirtualHost", "", "Bus:RabbitMq:VirtualHost is empty")]
    [InlineData("Bus:RabbitMq:VirtualHost", "kafka", "Bus:RabbitMq:VirtualHost is kafka")]
    [InlineData("Bus:RabbitMq:Username", "", "Bus:RabbitMq:Username or Bus:RabbitMq:Password is not set")]
    [InlineData("Bus:RabbitMq:QuorumSize", "0", "Bus:RabbitMq:QuorumSize is 0")]
    [InlineData("Bus:RabbitMq:ServerName", "broker", "without Bus:RabbitMq:Tls nothing is encrypted")]
    public void What_is_wrong_is_named_and_no_secret_is_told(string key, string value, string expected)
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Read(new(Whole) { [key] = value }));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_authority_that_is_not_there_is_named()
    {
        var settings = new Dictionary<string, string?>(Whole) { ["Bus:RabbitMq:Tls"] = "true", ["Bus:RabbitMq:CaLocation"] = "/nowhere/ca.crt" };

        Assert.Contains("/nowhere/ca.crt, which is not there", Assert.Throws<InvalidOperationException>(() => Read(settings)).Message, StringComparison.Ordinal);
    }

    private static BusOptions Read(Dictionary<string, string?> settings) =>
        BusOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
}
