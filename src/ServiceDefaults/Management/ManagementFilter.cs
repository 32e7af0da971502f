using IotBus.ServiceDefaults.Health;
using IotBus.ServiceDefaults.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.ServiceDefaults.Management;

/// <summary>
/// Parts the two ports before anything else runs: what came in by the management port is answered here and never reaches the service's own pipeline.
/// </summary>
internal sealed class ManagementFilter(ManagementEndpoint management, HealthEndpoints health, MetricsEndpoint metrics) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(following => context => management.Owns(context) ? AnswerAsync(context) : following(context));
        next(app);
    };

    private Task AnswerAsync(HttpContext context)
    {
        // Probes and scrapes are no requests of a client, and would hide how those fare.
        if (context.Features.Get<IHttpMetricsTagsFeature>() is { } measured)
            measured.MetricsDisabled = true;

        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            return Task.CompletedTask;
        }

        switch (context.Request.Path.Value)
        {
            case "/health/live":
                return HealthEndpoints.LiveAsync(context);
            case "/health/ready":
                return health.ReadyAsync(context);
            case "/metrics":
                return metrics.WriteAsync(context);
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
        }
    }
}

internal static class ManagementRegistration
{
    public static void AddManagement(this IServiceCollection services, ManagementAddresses defaults)
    {
        services.AddSingleton<HealthEndpoints>();
        services.AddSingleton(provider => new ManagementEndpoint(
            provider.GetRequiredService<IServer>(),
            provider.GetRequiredService<IConfiguration>(),
            defaults));
        services.AddSingleton<IStartupFilter, ManagementFilter>();
    }
}
