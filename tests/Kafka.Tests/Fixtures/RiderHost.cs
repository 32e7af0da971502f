using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka.Tests;

/// <summary>A bus with the rider, as an application has it, started.</summary>
internal sealed class RiderHost : IAsyncDisposable
{
    private readonly ServiceProvider _provider;
    private readonly AsyncServiceScope _scope;

    private RiderHost(ServiceProvider provider, LogCollector log)
    {
        _provider = provider;
        Log = log;
        _scope = provider.CreateAsyncScope();
    }

    public LogCollector Log { get; }

    public IServiceProvider Services => _scope.ServiceProvider;

    public IBusControl Bus => _provider.GetRequiredService<IBusControl>();

    public static async Task<RiderHost> StartAsync(Action<IRiderRegistrationConfigurator> configure, Action<IServiceCollection>? services = null)
    {
        var host = Create(configure, services);
        await host.Bus.StartAsync();
        return host;
    }

    public static RiderHost Create(Action<IRiderRegistrationConfigurator> configure, Action<IServiceCollection>? services = null)
    {
        var collection = new ServiceCollection();
        var log = new LogCollector();
        collection.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(log));
        services?.Invoke(collection);
        collection.AddMassTransit(bus =>
        {
            bus.UsingInMemory();
            bus.AddRider(configure);
        });
        return new RiderHost(collection.BuildServiceProvider(validateScopes: true), log);
    }

    public ITopicProducer<TKey, T> Producer<TKey, T>()
        where T : class => Services.GetRequiredService<ITopicProducer<TKey, T>>();

    public async ValueTask DisposeAsync()
    {
        await Bus.StopAsync();
        await _scope.DisposeAsync();
        await _provider.DisposeAsync();
    }
}
