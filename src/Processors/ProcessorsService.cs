using IotBus.Processors.Events;
using IotBus.Processors.Store;
using IotBus.ServiceDefaults;

namespace IotBus.Processors;

/// <summary>The service that applies events to the store.</summary>
public static class ProcessorsService
{
    /// <summary>Composes the service; <paramref name="configure"/> may change it before it is built.</summary>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddServiceDefaults("processors", managementUrl: "http://127.0.0.1:9082");
        configure?.Invoke(builder);
        builder.AddStore();
        builder.AddEventProcessing();

        var app = builder.Build();
        app.MapDefaultEndpoints();
        return app;
    }
}
