using MassTransit;
using MassTransit.UsageTracking;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotBus.Bench.Consuming;

/// <summary>A bus with the rider and nothing else, for one pass over a topic.</summary>
internal static class RiderBus
{
    /// <summary>Starts the bus, waits until the clock has counted all messages, and stops it.</summary>
    /// <param name="clock">What the rider's consumers find among the services.</param>
    /// <param name="configure">Adds consumers and endpoints.</param>
    /// <param name="cancellationToken">Gives the pass up.</param>
    public static async Task RunAsync(ConsumingClock clock, Action<IRiderRegistrationConfigurator> configure, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton(clock);
        services.PostConfigure<UsageTelemetryOptions>(usage => usage.Enabled = false);
        services.AddMassTransit(bus =>
        {
            bus.UsingInMemory();
            bus.AddRider(configure);
        });
        await using var provider = services.BuildServiceProvider();
        var control = provider.GetRequiredService<IBusControl>();
        await control.StartAsync(cancellationToken);
        await clock.Done.WaitAsync(cancellationToken);
        await control.StopAsync(cancellationToken);
    }
}
