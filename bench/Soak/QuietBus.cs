using IotBus.Kafka;
using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotBus.Bench.Soak;

/// <summary>A bus with the rider and nothing else, started, which logs nothing.</summary>
internal sealed class QuietBus : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private QuietBus(ServiceProvider services) => _services = services;

    public IServiceProvider Services => _services;

    public static async Task<QuietBus> StartAsync(Action<IServiceCollection> addServices, Action<IRiderRegistrationConfigurator> addRider, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.PostConfigure<UsageTelemetryOptions>(usage => usage.Enabled = false);
        addServices(services);
        services.AddMassTransit(bus =>
        {
            bus.UsingInMemory();
            bus.AddRider(addRider);
        });
        var started = new QuietBus(services.BuildServiceProvider());
        await started.Control.StartAsync(cancellationToken);
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        await Control.StopAsync();
        await _services.DisposeAsync();
    }

    private IBusControl Control => _services.GetRequiredService<IBusControl>();
}
