using IotBus.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IotBus.Bus.Tests;

/// <summary>A service whose RabbitMQ cannot be used starts, and says why.</summary>
[Collection(ServersSuite.Name)]
public sealed class RabbitMqHealthTests(Servers servers)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly OrderQueues _queues = new();

    [RabbitMqFact]
    public Task A_wrong_password_is_said_and_not_told() => SaysAsync(
        settings => settings["Bus:RabbitMq:Password"] = "no-such-secret",
        $"refuses the user '{servers.Rabbit.Username}': look at Bus:RabbitMq:Username and Password.");

    [RabbitMqFact]
    public Task An_unknown_virtual_host_is_said() => SaysAsync(
        settings => settings["Bus:RabbitMq:VirtualHost"] = "nowhere",
        "has no virtual host 'nowhere'");

    [RabbitMqFact]
    public Task A_broker_that_does_not_answer_is_said() => SaysAsync(
        settings => (settings["Bus:RabbitMq:Host"], settings["Bus:RabbitMq:Port"]) = ("127.0.0.1", "1"),
        "RabbitMQ at 127.0.0.1:1 does not answer");

    [OwnRabbitMqFact]
    public Task A_broker_of_an_unknown_authority_is_refused() => SaysAsync(
        settings => (settings["Bus:RabbitMq:Tls"], settings["Bus:RabbitMq:Port"]) = ("true", $"{servers.Rabbit.TlsPort}"),
        "is not trusted: look at Bus:RabbitMq:CaLocation and ServerName");

    [OwnRabbitMqFact]
    public Task A_broker_with_another_name_in_its_certificate_is_refused() => SaysAsync(
        settings =>
        {
            UseTls(settings);
            settings["Bus:RabbitMq:ServerName"] = "another.example";
        },
        "is not trusted: look at Bus:RabbitMq:CaLocation and ServerName");

    [OwnRabbitMqFact]
    public async Task A_broker_of_a_known_authority_is_used()
    {
        await using var broker = new Broker(servers.Rabbit, _queues);
        UseTls(broker.Settings);
        await using var host = await BusHost.StartAsync(servers.NewDatabase(), broker.Settings, _queues);

        Assert.Equal(HealthStatus.Healthy, (await host.HealthAsync()).Status);
    }

    private void UseTls(Dictionary<string, string?> settings)
    {
        settings["Bus:RabbitMq:Tls"] = "true";
        settings["Bus:RabbitMq:Port"] = $"{servers.Rabbit.TlsPort}";
        settings["Bus:RabbitMq:CaLocation"] = servers.Rabbit.Authority;
    }

    private async Task SaysAsync(Action<Dictionary<string, string?>> spoil, string expected)
    {
        await using var broker = new Broker(servers.Rabbit, _queues);
        spoil(broker.Settings);
        await using var host = await BusHost.StartAsync(servers.NewDatabase(), broker.Settings, _queues, isReady: false);

        var health = await Eventually.ValueAsync(host.HealthAsync, health => health.Description?.Contains(expected, StringComparison.Ordinal) == true, Deadline);

        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.DoesNotContain(broker.Settings["Bus:RabbitMq:Password"]!, health.Description!, StringComparison.Ordinal);
    }
}
