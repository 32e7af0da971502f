using System.Text.Json.Serialization;
using IotBus.Processors.Decommissioning;
using IotBus.Processors.Documentation;
using IotBus.Processors.Rollouts;
using IotBus.ServiceDefaults.Edge;

namespace IotBus.Processors.Commands;

internal static class CommandRegistration
{
    /// <summary>Adds what operators command over HTTP.</summary>
    public static void AddCommands(this WebApplicationBuilder builder)
    {
        builder.AddEdge();
        builder.Services.AddProcessorsDocument();
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<StoreFailureHandler>();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, CommandJsonContext.Default);
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 4 * RolloutLimits.MaxBodyBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
    }

    /// <summary>Operators, and gateways in their place, may command; devices may not.</summary>
    public static void MapCommands(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRouting();
        app.UseEdge(EdgeGroups.Operator, EdgeGroups.Gateway);
        app.MapRollouts();
        app.MapDecommissioning();
        app.MapOpenApi().AllowAnonymous();
    }
}
