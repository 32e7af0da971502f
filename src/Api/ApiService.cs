using IotBus.Api.OpenApi;
using IotBus.Api.Producing;
using IotBus.Api.Revocation;
using IotBus.ServiceDefaults;
using IotBus.ServiceDefaults.Edge;

namespace IotBus.Api;

/// <summary>The service that takes events from devices over HTTP and hands them to Kafka.</summary>
public static class ApiService
{
    /// <summary>Composes the service; the caller runs it.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="configure">Changes the configuration or the services before the application is built.</param>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null) =>
        Create(args, KafkaRegistration.AddKafka, configure);

    /// <summary>Composes the service on another transport.</summary>
    internal static WebApplication Create(string[] args, Action<WebApplicationBuilder> addTransport, Action<WebApplicationBuilder>? configure)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddServiceDefaults("api", "http://127.0.0.1:8080", "http://127.0.0.1:9080");
        builder.AddEdge();
        builder.AddRevocation();
        builder.AddIngestion();
        builder.AddApiDocument();
        configure?.Invoke(builder);
        addTransport(builder);

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.UseEdge(EdgeGroups.Device, EdgeGroups.Gateway);
        app.MapIngestion();
        app.MapOpenApi().AllowAnonymous();
        return app;
    }
}
