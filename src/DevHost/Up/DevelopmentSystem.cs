using IotBus.Api;
using IotBus.DevHost.Simulation;
using IotBus.DevHost.Terminal;
using IotBus.Kafka.Embedded;
using IotBus.MongoDb;
using IotBus.Processors;
using IotBus.Reporting;
using IotBus.ServiceDefaults.Edge;
using Microsoft.Extensions.Options;

namespace IotBus.DevHost.Up;

/// <summary>The three services in this process. They start in any order and stop in the order of the stream.</summary>
internal sealed class DevelopmentSystem : IAsyncDisposable
{
    private readonly List<(string Name, WebApplication App)> _services;

    private DevelopmentSystem(List<(string, WebApplication)> services) => _services = services;

    /// <summary>A service that stops itself, because something in it has failed for good, calls this with its name.</summary>
    public void OnStopping(Action<string> stopping)
    {
        foreach (var (name, app) in _services)
            app.Lifetime.ApplicationStopping.Register(() => stopping(name));
    }

    /// <summary>Composes the services and starts them; they may still be waiting for their servers then.</summary>
    /// <exception cref="OptionsValidationException">A setting is wrong; the message names it. Nothing was started.</exception>
    /// <exception cref="MongoException">The store's address is none. Nothing was started.</exception>
    public static async Task<DevelopmentSystem> StartAsync(UpOptions options, Servers servers, LiveLine line, CancellationToken cancellationToken)
    {
        var system = new DevelopmentSystem(
        [
            ("Api", Api(options, servers, line)),
            ("Processors", Processors(options, servers, line)),
            ("Reporting", Reporting(options, servers, line)),
        ]);
        try
        {
            // All settings first: a host that refuses them while it starts can neither be started nor stopped. Some are only read by what runs in the host.
            foreach (var (_, app) in system._services)
            {
                app.Services.GetService<IStartupValidator>()?.Validate();
                _ = app.Services.GetServices<IHostedService>().Count();
            }
        }
        catch
        {
            foreach (var (_, app) in system._services)
                await app.DisposeAsync();

            throw;
        }

        try
        {
            await Task.WhenAll(system._services.Select(service => service.App.StartAsync(cancellationToken)));
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    public static WebApplication Api(UpOptions options, Servers servers, LiveLine line) =>
        ApiService.Create(Settings(options.Api, options.ApiManagement, servers), Configure("Api", line, servers.Backlog));

    public static WebApplication Processors(UpOptions options, Servers servers, LiveLine line) =>
        ProcessorsService.Create(Settings(options.Commands, options.ProcessorsManagement, servers), Configure("Processors", line));

    public static WebApplication Reporting(UpOptions options, Servers servers, LiveLine line) =>
        ReportingService.Create(Settings(options.Reporting, options.ReportingManagement, servers), Configure("Reporting", line));

    /// <summary>Stops taking events, then applying them, then reporting.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var (_, app) in _services)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }

    private static string[] Settings(Uri url, Uri management, Servers servers)
    {
        return
        [
            // Not what lies in the directory that the command was given in.
            $"--contentRoot={AppContext.BaseDirectory}",
            $"--Management:Url={management.GetLeftPart(UriPartial.Authority)}",
            $"--Kafka:BootstrapServers={servers.KafkaBootstrapServers}",
            $"--MongoDb:Uri={servers.MongoDbUri}",
            $"--Processing:Group={Servers.ConsumerGroup}",
            $"--urls={url.GetLeftPart(UriPartial.Authority)}",
        ];
    }

    private static Action<WebApplicationBuilder> Configure(string service, LiveLine line, BacklogGuard? backlog = null) => builder =>
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(new ServiceLogs(service, line));
        builder.Configuration.AddInMemoryCollection(Consumers());
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        if (backlog is not null)
            builder.Services.AddSingleton(backlog);
    };

    /// <summary>Who may send and read: the person at the terminal, and each simulated device for itself.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> Consumers()
    {
        var devices = Enumerable.Range(1, Simulator.Devices).Select(Simulator.DeviceId);
        var consumers = devices.Select(device => (Name: device, Group: EdgeGroups.Device, Key: Simulator.KeyOf(device)))
            .Prepend((Name: "development", Group: EdgeGroups.Gateway, Key: DevelopmentKey.Value));
        foreach (var (index, consumer) in consumers.Index())
        {
            yield return new($"Edge:Consumers:{index}:Username", consumer.Name);
            yield return new($"Edge:Consumers:{index}:Group", consumer.Group);
            yield return new($"Edge:Consumers:{index}:Keys:0", consumer.Key);
        }
    }
}
