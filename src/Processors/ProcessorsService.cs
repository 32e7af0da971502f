using IotBus.Processors.Events;
using IotBus.Processors.Store;
using IotBus.ServiceDefaults;

namespace IotBus.Processors;

/// <summary>The service that applies events to the store.</summary>
public static class ProcessorsService
{
    /// <summary>Composes the service; the caller runs it.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="configure">Called last, for a host or a test that runs the service in its own process.</param>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddServiceDefaults("processors", managementUrl: "http://127.0.0.1:9082");
        builder.AddStore();
        builder.AddEventProcessing();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.MapDefaultEndpoints();

        // Its counters are to be there from the start, at zero.
        app.Services.GetRequiredService<ProcessingMetrics>();
        return app;
    }
}
