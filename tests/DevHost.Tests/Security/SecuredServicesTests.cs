using IotBus.Api;
using IotBus.MongoDb;
using IotBus.Processors;
using IotBus.Reporting;
using IotBus.Testing;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.DevHost.Tests.Security;

/// <summary>The settings that a cluster gives the services, up to the wire.</summary>
public sealed class SecuredServicesTests
{
    private const string Nowhere = "mongodb://127.0.0.1:1/?directConnection=true";

    public static TheoryData<string, Func<string[], WebApplication>> Services => new()
    {
        { "api", args => ApiService.Create(args) },
        { "processors", args => ProcessorsService.Create([.. args, $"--MongoDb:Uri={Nowhere}"]) },
    };

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_service_logs_in_to_Kafka_as_its_user_over_TLS(string name, Func<string[], WebApplication> create)
    {
        await using var broker = new TlsBroker();
        await using var app = create(Arguments(
            broker.Address, "--Kafka:Security:Protocol=SaslSsl", $"--Kafka:Security:Username={name}", "--Kafka:Security:Password=secret", $"--Kafka:Security:CaLocation={broker.Authority}"));

        // It may wait for Kafka in its start.
        using var stop = new CancellationTokenSource();
        var started = app.StartAsync(stop.Token);

        Assert.Equal("SCRAM-SHA-512", await broker.Mechanism.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.StartsWith($"n,,n={name},r=", await broker.FirstMessage.WaitAsync(TimeSpan.FromSeconds(30)), StringComparison.Ordinal);
        await stop.CancelAsync();
        await Record.ExceptionAsync(() => started);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_login_without_a_password_stops_the_start_and_says_what_is_missing(string name, Func<string[], WebApplication> create)
    {
        await using var app = create(Arguments("127.0.0.1:1", "--Kafka:Security:Protocol=SaslSsl", $"--Kafka:Security:Username={name}"));

        var error = await Assert.ThrowsAsync<ConfigurationException>(() => app.StartAsync());

        Assert.Contains("set Kafka:Security:Username and Kafka:Security:Password", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MongoDBs_user_of_the_settings_is_the_clients_own()
    {
        string[] settings = ["--MongoDb:Uri=mongodb://somebody:else@127.0.0.1:1/", "--MongoDb:Username=reporting", "--MongoDb:Password=secret"];
        await using var reporting = ReportingService.Create(settings);
        await using var processors = ProcessorsService.Create([.. settings, "--urls=http://127.0.0.1:0", "--Kafka:BootstrapServers=127.0.0.1:1"]);

        var store = typeof(ReportingService).Assembly.GetType("IotBus.Reporting.Store.ReportingStore", throwOnError: true)!;
        var ofReporting = Assert.Throws<MongoException>(() => reporting.Services.GetRequiredService(store));
        var ofProcessors = Assert.Throws<MongoException>(() => processors.Services.GetRequiredService<MongoClient>());

        Assert.Contains("names a user", ofReporting.Message, StringComparison.Ordinal);
        Assert.Contains("names a user", ofProcessors.Message, StringComparison.Ordinal);
    }

    private static string[] Arguments(string brokers, params string[] more) =>
        [$"--Kafka:BootstrapServers={brokers}", "--urls=http://127.0.0.1:0", "--Management:Url=http://127.0.0.1:0", .. more];
}
