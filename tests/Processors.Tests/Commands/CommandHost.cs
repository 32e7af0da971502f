using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using IotBus.Messages;
using IotBus.MongoDb;
using IotBus.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Processors.Tests.Commands;

/// <summary>The whole service on a broker and a store, as operators see it; the tests of a class share it.</summary>
public sealed class CommandHost : IAsyncLifetime
{
    public const string OperatorKey = "operator-key";
    public const string DeviceKey = "device-key";

    private KafkaServer? _kafka;
    private MongoServer? _mongo;
    private MongoClient? _client;
    private WebApplication? _app;
    private string _commands = "";
    private string _telemetry = "";

    public MongoDatabase Database { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>What stands between the service and its store.</summary>
    internal TcpRelay Relay { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _kafka = await KafkaServer.StartAsync();
        _mongo = await MongoServer.StartAsync();
        _client = new MongoClient(new MongoClientOptions { Uri = _mongo.Uri });
        Database = _client.GetDatabase(_mongo.UniqueDatabaseName("commands"));
        var target = new Uri(_mongo.Uri);
        Relay = new TcpRelay(target.Host, target.Port);
        _commands = await _kafka.CreateTopicAsync("device-commands");
        _telemetry = await _kafka.CreateTopicAsync("sensor-telemetry");
        _app = ProcessorsService.Create(
        [
            $"--Kafka:BootstrapServers={_kafka.BootstrapServers}",
            $"--MongoDb:Uri=mongodb://127.0.0.1:{Relay.Port}/?directConnection=true&serverSelectionTimeoutMS=1500",
            $"--MongoDb:Database={Database.Name}",
            $"--Topics:Telemetry:Name={_telemetry}",
            $"--Topics:Alerts:Name={await _kafka.CreateTopicAsync("sensor-alerts")}",
            $"--Topics:Commands:Name={_commands}",
            $"--Processing:Group={_kafka.NewGroup()}",
            $"--Processing:RolloutGroup={_kafka.NewGroup()}",
            "--Processing:SessionTimeout=00:00:06",
            "--Decommissioning:Staleness=00:00:00.2",
            "--Decommissioning:SettleTime=00:00:00.2",
            "--Edge:Consumers:0:Username=operations",
            "--Edge:Consumers:0:Group=operator",
            "--Edge:Consumers:0:RequestsPerSecond=10000",
            $"--Edge:Consumers:0:Keys:0={OperatorKey}",
            "--Edge:Consumers:1:Username=sensor-1",
            $"--Edge:Consumers:1:Keys:0={DeviceKey}",
            "--urls=http://127.0.0.1:0",
            "--Management:Url=http://127.0.0.1:0",
        ]);
        await _app.StartAsync();
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Http = new HttpClient { BaseAddress = new Uri(addresses.First()) };
        Http.DefaultRequestHeaders.Add("apikey", OperatorKey);
        using var management = new HttpClient { BaseAddress = new Uri(addresses.Last()) };
        await Eventually.TrueAsync(async () => (await management.GetAsync(new Uri("health/ready", UriKind.Relative))).IsSuccessStatusCode);
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        await Database.DropAsync();
        await _client!.DisposeAsync();
        await Relay.DisposeAsync();
        await _mongo!.DisposeAsync();
        await _kafka!.DisposeAsync();
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json) =>
        Http.PostAsync(new Uri(path, UriKind.Relative), new StringContent(json, Encoding.UTF8, "application/json"));

    public async Task<JsonElement> GetAsync(string path) => await Http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));

    public Task<HttpResponseMessage> DeleteAsync(string path) => Http.DeleteAsync(new Uri(path, UriKind.Relative));

    /// <summary>A device says that it booted.</summary>
    public async Task BootAsync(string device, string firmware)
    {
        var boot = Tests.Events.Boot(device, firmware, DateTimeOffset.UtcNow);
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = _kafka!.BootstrapServers }).Build();
        await producer.ProduceAsync(
            _telemetry, new Message<string, string> { Key = device, Value = JsonSerializer.Serialize(boot, MessagesJsonContext.Default.DeviceBooted) });
    }

    /// <summary>The command that a device got.</summary>
    public ConsumeResult<string, byte[]> CommandTo(string device)
    {
        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig { BootstrapServers = _kafka!.BootstrapServers, GroupId = "reader" }).Build();
        consumer.Assign(new TopicPartitionOffset(_commands, 0, Offset.Beginning));
        while (consumer.Consume(TimeSpan.FromSeconds(30)) is { } command)
        {
            if (command.Message.Key == device)
                return command;
        }

        throw new TimeoutException($"No command for {device} came.");
    }
}
