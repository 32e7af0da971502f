using IotBus.MongoDb;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IotBus.Persistence.Tests;

/// <summary>A host with a bus in memory and the outbox on a database.</summary>
internal sealed class TestBus : IAsyncDisposable
{
    private readonly IHost _host;

    private TestBus(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public IBus Bus => Services.GetRequiredService<IBus>();

    public static async Task<TestBus> StartAsync(
        MongoDatabase database,
        Action<IBusRegistrationConfigurator> configure,
        Action<IBusRegistrationContext, IInMemoryBusFactoryConfigurator> endpoints,
        Action<IMongoDbOutboxConfigurator>? outbox = null,
        Action<IServiceCollection>? services = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Error);
        services?.Invoke(builder.Services);
        builder.Services.AddSingleton(database);
        builder.Services.AddMassTransit(x =>
        {
            x.DisableUsageTelemetry();
            x.AddMongoDbOutbox(o =>
            {
                o.UseBusOutbox();
                outbox?.Invoke(o);
            });
            configure(x);
            x.UsingInMemory((context, bus) => endpoints(context, bus));
        });
        builder.Services.Configure<MassTransitHostOptions>(options => options.WaitUntilStarted = true);
        var host = builder.Build();
        await host.StartAsync();
        return new TestBus(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }
}
