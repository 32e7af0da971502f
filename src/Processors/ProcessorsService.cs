using IotBus.Processors.Commands;
using IotBus.Processors.Decommissioning;
using IotBus.Processors.Events;
using IotBus.Processors.Messaging;
using IotBus.Processors.Rollouts;
using IotBus.Processors.Store;
using IotBus.ServiceDefaults;

namespace IotBus.Processors;

/// <summary>The service that applies events to the store, and carries out what operators command.</summary>
public static class ProcessorsService
{
    /// <summary>Composes the service; the caller runs it.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="configure">Called last, for a host or a test that runs the service in its own process.</param>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddServiceDefaults("processors", "http://127.0.0.1:8082", managementUrl: "http://127.0.0.1:9082");
        builder.AddStore();
        builder.AddEventProcessing();
        builder.AddRollouts();
        builder.AddDecommissioning();
        builder.AddMessaging();
        builder.AddCommands();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.MapCommands();
        app.MapDefaultEndpoints();

        // Its counters are to be there from the start, at zero.
        app.Services.GetRequiredService<ProcessingMetrics>();
        app.Services.GetRequiredService<RolloutMetrics>();
        return app;
    }
}
