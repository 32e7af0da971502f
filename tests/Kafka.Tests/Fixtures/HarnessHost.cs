using IotBus.Testing;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka.Tests;

/// <summary>A bus in memory with the rider, under MassTransit's test harness, started.</summary>
internal sealed class HarnessHost : IAsyncDisposable
{
    private readonly ServiceProvider _provider;

    private HarnessHost(ServiceProvider provider) => _provider = provider;

    public ITestHarness Harness => _provider.GetRequiredService<ITestHarness>();

    public IServiceProvider Services => Harness.Scope.ServiceProvider;

    public IKafkaRider Rider => _provider.GetRequiredService<IKafkaRider>();

    public static Task<HarnessHost> StartAsync(
        KafkaServer kafka,
        Action<IRiderRegistrationConfigurator> rider,
        Action<IBusRegistrationConfigurator>? bus = null,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator>? configure = null,
        Action<IServiceCollection>? services = null) => StartAsync(kafka.BootstrapServers, memory: null, rider, bus, configure, services);

    public static Task<HarnessHost> StartAsync(
        InMemoryKafka kafka,
        Action<IRiderRegistrationConfigurator> rider,
        Action<IBusRegistrationConfigurator>? bus = null,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator>? configure = null,
        Action<IServiceCollection>? services = null) => StartAsync("no-broker:1", kafka, rider, bus, configure, services);

    private static async Task<HarnessHost> StartAsync(
        string servers,
        InMemoryKafka? memory,
        Action<IRiderRegistrationConfigurator> rider,
        Action<IBusRegistrationConfigurator>? bus,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator>? configure,
        Action<IServiceCollection>? services)
    {
        var collection = new ServiceCollection();
        collection.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        services?.Invoke(collection);
        collection.AddMassTransitTestHarness(TextWriter.Null, x =>
        {
            x.SetTestTimeouts(testTimeout: Eventually.DefaultDeadline, testInactivityTimeout: TimeSpan.FromSeconds(10));
            bus?.Invoke(x);
            x.AddRider(r =>
            {
                rider(r);
                r.UsingKafka((context, k) =>
                {
                    k.Host(servers);
                    configure?.Invoke(context, k);
                });
            });
        });
        if (memory is not null)
            collection.AddInMemoryKafka(memory);
        else
            collection.AddKafkaTestHarness();

        var host = new HarnessHost(collection.BuildServiceProvider(validateScopes: true));
        await host.Harness.Start();
        return host;
    }

    public T Get<T>()
        where T : class => Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await Harness.Stop();
        await _provider.DisposeAsync();
    }
}
