using System.Collections.Concurrent;
using IotBus.Kafka;
using IotBus.Messages;
using IotBus.MongoDb;
using IotBus.Persistence;
using IotBus.Processors.Decommissioning;
using IotBus.Processors.Events;
using IotBus.Processors.Rollouts;
using IotBus.Processors.Store;
using IotBus.Testing;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IotBus.Processors.Tests.Rollouts;

/// <summary>Rollouts on MassTransit's test harness and a store, without Kafka: what goes there is remembered, what comes from there is handed in.</summary>
internal sealed class RolloutPlant : IAsyncDisposable
{
    private readonly IHost _host;

    private RolloutPlant(IHost host, MongoDatabase database)
    {
        _host = host;
        Database = database;
    }

    public MongoDatabase Database { get; }

    public ShiftedTime Time => _host.Services.GetRequiredService<ShiftedTime>();

    public SentToKafka Sent => _host.Services.GetRequiredService<SentToKafka>();

    public ITestHarness Harness => _host.Services.GetRequiredService<ITestHarness>();

    public static async Task<RolloutPlant> StartAsync(MongoClient client, MongoDatabase database)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Error);
        var services = builder.Services;
        services.AddSingleton(client);
        services.AddSingleton(database);
        services.AddSingleton<ShiftedTime>();
        services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<ShiftedTime>());
        services.AddSingleton<SentToKafka>();
        services.AddSingleton<IDeviceCommands>(provider => provider.GetRequiredService<SentToKafka>());
        services.AddOptions<ProcessingOptions>();
        services.AddOptions<DecommissioningOptions>().Configure(options => (options.Staleness, options.SettleTime) = (TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(200)));
        services.AddMetrics();
        services.AddSingleton<RolloutMetrics>();
        services.AddSingleton<RolloutDevices>();
        services.AddSingleton<RolloutPlans>();
        services.AddScoped<RolloutAdmission>();
        services.AddScoped<RolloutReports>();
        services.AddSingleton<DecommissionedDevices>();
        services.AddScoped<Operations>();
        services.AddSingleton<IDecommissionPivot, EmbeddedEdgeCredentials>();
        services.AddSingleton<IDecommissionStep, WithdrawFromRollouts>();
        services.AddSingleton<Obstacle>();
        services.AddSingleton<IDecommissionStep>(provider => provider.GetRequiredService<Obstacle>());
        services.AddSingleton<IDecommissionStep, RemoveDeviceState>();
        services.AddSingleton<IDecommissionStep, PurgeHistory>();
        services.AddScoped<RolloutEventConsumer>();
        services.AddSingleton<StoreSetup>();
        services.AddHostedService(provider => provider.GetRequiredService<StoreSetup>());
        services.AddMassTransitTestHarness(bus =>
        {
            bus.AddMongoDbOutbox(outbox => outbox.UseBusOutbox());
            bus.AddMongoDbMessageScheduler();
            bus.AddRolloutSaga();
            bus.AddDecommissionSaga();
            bus.UsingInMemory((context, memory) =>
            {
                memory.UseMongoDbMessageScheduler(context);
                memory.RolloutEndpoint(context);
                memory.DecommissionEndpoint(context);
            });
        });
        var host = builder.Build();
        await host.StartAsync();
        await host.Services.GetRequiredService<StoreSetup>().Ready;
        return new RolloutPlant(host, database);
    }

    public async Task<RolloutAnswer> RequestAsync(Guid id, RolloutRequest request)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<RolloutAdmission>().AdmitAsync(id, request, CancellationToken.None);
    }

    /// <summary>A rollout of v2 to devices, and the first wave's commands.</summary>
    public async Task<Guid> BeginAsync(IReadOnlyList<string> devices, int waveSize, int maxFailures = 100, double confirmTimeout = 3600)
    {
        var id = Guid.NewGuid();
        var answer = await RequestAsync(id, Request(devices, waveSize, maxFailures, confirmTimeout));
        Assert.Equal(RolloutAnswer.Accepted, answer);
        return id;
    }

    public static RolloutRequest Request(IReadOnlyList<string> devices, int waveSize = 2, int maxFailures = 100, double confirmTimeout = 3600) => new()
    {
        Version = "v2",
        DeviceIds = devices,
        WaveSize = waveSize,
        MaxFailures = maxFailures,
        ConfirmTimeout = confirmTimeout,
    };

    /// <summary>Hands events in, as a batch of a partition.</summary>
    public async Task HappenAsync(params SensorEvent[] events)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var messages = events.Select((sensorEvent, offset) => new TopicMessage<SensorEvent>(sensorEvent, sensorEvent.EventId, offset, Time.GetUtcNow())).ToList();
        var batch = new TopicBatch<SensorEvent>(
            new PartitionLog().Assign(), 0, events.Length - 1, messages, (_, _, _, _) => throw new InvalidOperationException("Nothing is put aside here."));
        await scope.ServiceProvider.GetRequiredService<RolloutEventConsumer>().Consume(batch, CancellationToken.None);
    }

    public Task BootAsync(string firmware, params string[] devices) =>
        HappenAsync([.. devices.Select(device => Tests.Events.Boot(device, firmware, Time.GetUtcNow()))]);

    public async Task<RolloutView> ViewAsync(Guid id)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<RolloutReports>()
            .FindAsync(id, new RolloutDevicePage(null, null, 1000), CancellationToken.None))!;
    }

    /// <summary>Waits until the rollout is as expected.</summary>
    public Task<RolloutView> UntilAsync(Guid id, Func<RolloutView, bool> expected) => Eventually.ValueAsync(() => ViewAsync(id), expected);

    public async Task<T> InScopeAsync<T>(Func<IServiceProvider, Task<T>> use)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider);
    }

    /// <summary>Sends a command to a rollout, as the endpoints do.</summary>
    public async Task SendAsync<T>(T message)
        where T : class
    {
        var endpoint = await Harness.Bus.GetSendEndpoint(RolloutAddress.Queue);
        await endpoint.Send(message);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
    }
}

/// <summary>Remembers what goes to Kafka.</summary>
internal sealed class SentToKafka : IDeviceCommands
{
    public ConcurrentQueue<FirmwareUpdateRequested> Commands { get; } = [];

    public ConcurrentQueue<AlertRaised> Alerts { get; } = [];

    public Task SendAsync(FirmwareUpdateRequested command, CancellationToken cancellationToken)
    {
        Commands.Enqueue(command);
        return Task.CompletedTask;
    }

    public Task RaiseAsync(AlertRaised alert, CancellationToken cancellationToken)
    {
        Alerts.Enqueue(alert);
        return Task.CompletedTask;
    }
}

/// <summary>A step that fails for as long as the test wants it.</summary>
internal sealed class Obstacle : IDecommissionStep
{
    public string Name => "obstacle";

    public bool IsThere { get; set; }

    public Task RunAsync(Decommission decommission, CancellationToken cancellationToken) =>
        IsThere ? Task.FromException(new InvalidOperationException("The obstacle is there.")) : Task.CompletedTask;
}
