using System.Text.Json.Serialization;
using IotBus.Reporting.Devices;
using IotBus.Reporting.Documentation;
using IotBus.Reporting.Metrics;
using IotBus.Reporting.Series;
using IotBus.Reporting.Store;
using IotBus.ServiceDefaults;
using IotBus.ServiceDefaults.Edge;

namespace IotBus.Reporting;

/// <summary>What operators read: metrics, devices and their series. It only reads, and creates nothing in MongoDB.</summary>
public static class ReportingService
{
    /// <summary>Composes the service, which the caller runs and disposes.</summary>
    /// <param name="args">Command-line settings, such as <c>--urls</c>.</param>
    /// <param name="configure">Changes the configuration or the services before the application is built.</param>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddServiceDefaults("reporting", url: "http://127.0.0.1:8081", managementUrl: "http://127.0.0.1:9081");
        builder.AddEdge();
        builder.Services.AddReportingStore();
        builder.Services.AddReporting();
        builder.Services.AddReportingDocument();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRouting();
        app.UseEdge(EdgeGroups.Operator, EdgeGroups.Gateway);
        app.MapMetrics();
        app.MapDevices();
        app.MapSeries();
        app.MapOpenApi().AllowAnonymous();
        app.MapDefaultEndpoints();
        return app;
    }

    private static void AddReporting(this IServiceCollection services)
    {
        services.AddSingleton<Rollups>();
        services.AddSingleton<ZoneDevices>();
        services.AddSingleton<DeviceStates>();
        services.AddSingleton<SensorSeries>();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ReportingJsonContext.Default);
            // Numbers are never strings here, and the document must not say they might be.
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
    }
}
