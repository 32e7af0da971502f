using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;
using IotBus.Api;
using IotBus.MongoDb;
using IotBus.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.EndToEnd;

/// <summary>A whole system for one test: broker, store behind a relay, the Api in this process, and Processors as a process that can be killed.</summary>
internal sealed class Plant : IAsyncDisposable
{
    private const int TelemetryPartitions = 3;
    private const int AlertsPartitions = 2;
    public const string ApiKey = "end-to-end-gateway";

    private readonly KafkaServer _kafka;
    private readonly MongoServer _mongo;
    private readonly MongoClient _client;
    private readonly WebApplication _api;
    private readonly Dictionary<string, string> _settings;
    private ProcessorsProcess? _processors;

    private Plant(KafkaServer kafka, MongoServer mongo, TcpRelay relay, MongoClient client, WebApplication api, Dictionary<string, string> settings)
    {
        _kafka = kafka;
        _mongo = mongo;
        Relay = relay;
        _client = client;
        _api = api;
        _settings = settings;
        Database = client.GetDatabase(settings["MongoDb:Database"]);
        var address = api.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Http = new HttpClient { BaseAddress = new Uri(address) };
        Http.DefaultRequestHeaders.Add("apikey", ApiKey);
    }

    public HttpClient Http { get; }

    public KafkaServer Kafka => _kafka;

    /// <summary>What stands between the Processors and the store.</summary>
    public TcpRelay Relay { get; }

    /// <summary>The database, past the relay.</summary>
    public MongoDatabase Database { get; }

    public string TelemetryTopic => _settings["Topics:Telemetry:Name"];

    public string CommandsTopic => _settings["Topics:Commands:Name"];

    /// <summary>Where the Processors take commands, while they run.</summary>
    public Uri Commands => new(_settings["urls"]);

    public string AlertsTopic => _settings["Topics:Alerts:Name"];

    public string Group => _settings["Processing:Group"];

    public IReadOnlyList<TopicPartition> Partitions =>
    [
        .. Enumerable.Range(0, TelemetryPartitions).Select(partition => new TopicPartition(TelemetryTopic, partition)),
        .. Enumerable.Range(0, AlertsPartitions).Select(partition => new TopicPartition(AlertsTopic, partition)),
    ];

    public string ProcessorsOutput => _processors?.Output ?? string.Empty;

    /// <param name="more">Settings beside the usual ones.</param>
    public static async Task<Plant> StartAsync(params IReadOnlyList<(string Key, string Value)> more)
    {
        var kafka = await KafkaServer.StartAsync();
        var mongo = await MongoServer.StartAsync();
        var address = new MongoAddress(mongo.Uri);
        var relay = new TcpRelay(address.Host, address.Port);
        var client = new MongoClient(new MongoClientOptions { Uri = mongo.Uri });
        var settings = new Dictionary<string, string>
        {
            ["Kafka:BootstrapServers"] = kafka.BootstrapServers,
            ["Kafka:Producer:DeliveryTimeout"] = "00:00:03",
            ["Topics:Telemetry:Name"] = await kafka.CreateTopicAsync("sensor-telemetry", TelemetryPartitions),
            ["Topics:Alerts:Name"] = await kafka.CreateTopicAsync("sensor-alerts", AlertsPartitions),
            ["MongoDb:Uri"] = address.Through(relay.Port),
            ["MongoDb:Database"] = mongo.UniqueDatabaseName("endtoend"),
            ["Processing:Group"] = kafka.NewGroup("processors"),
            ["Processing:RolloutGroup"] = kafka.NewGroup("rollouts"),
            ["Topics:Commands:Name"] = await kafka.CreateTopicAsync("device-commands"),
            ["urls"] = $"http://127.0.0.1:{FreePort()}",
            ["Processing:SessionTimeout"] = "00:00:06",
            ["Processing:InsertTimeout"] = "00:00:01",
            ["Processing:BatchSize"] = "200",
            ["Management:Url"] = "http://127.0.0.1:0",
            ["Edge:Consumers:0:Username"] = "end-to-end",
            ["Edge:Consumers:0:Group"] = "gateway",
            ["Edge:Consumers:0:Keys:0"] = ApiKey,
        };
        foreach (var (key, value) in more)
            settings[key] = value;

        var ofApi = settings.Where(setting => setting.Key != "urls");
        var api = ApiService.Create(["--urls", "http://127.0.0.1:0", .. ofApi.Select(setting => $"--{setting.Key}={setting.Value}")]);
        await api.StartAsync();
        return new Plant(kafka, mongo, relay, client, api, settings);
    }

    public void StartProcessors() => _processors = ProcessorsProcess.Start(_settings);

    public async Task KillProcessorsAsync()
    {
        var killed = _processors ?? throw new InvalidOperationException("The Processors do not run.");
        _processors = null;
        if (killed.HasExited)
            throw new InvalidOperationException($"The Processors ended by themselves:\n{killed.Output}");

        await killed.KillAsync();
        await killed.DisposeAsync();
    }

    /// <summary>How many events the series holds.</summary>
    public Task<long> StoredAsync() => Database.GetCollection("sensor_data").CountAsync(BsonDocument.Empty);

    // It must be the same after each start, so the system cannot choose one each time.
    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (_processors is not null)
            await _processors.DisposeAsync();

        Http.Dispose();
        await _api.StopAsync();
        await _api.DisposeAsync();
        await Database.DropAsync();
        await _client.DisposeAsync();
        await Relay.DisposeAsync();
        await _mongo.DisposeAsync();
        await _kafka.DisposeAsync();
    }
}
