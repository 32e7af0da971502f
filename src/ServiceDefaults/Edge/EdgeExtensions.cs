using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IotBus.ServiceDefaults.Edge;

/// <summary>Keys, groups and rate limits in front of a service, by Kong or in its place.</summary>
public static partial class EdgeExtensions
{
    public static WebApplicationBuilder AddEdge(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<EdgeOptions>().BindConfiguration("Edge");
        builder.Services.AddSingleton<ConsumerKeys>();
        builder.Services.AddSingleton<EdgeMetrics>();
        builder.Services.AddRateLimiter(_ => { });
        builder.Services.AddOptions<RateLimiterOptions>().Configure<EdgeMetrics>((limiter, metrics) =>
        {
            limiter.GlobalLimiter = new EdgeRateLimiter();
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (rejected, _) =>
            {
                metrics.Rejected(EdgeMetrics.RateLimited);
                return new ValueTask(EdgeAnswers.WriteAsync(
                    rejected.HttpContext, StatusCodes.Status429TooManyRequests, EdgeAnswers.RateExceeded));
            };
        });
        return builder;
    }

    /// <summary>
    /// Lets only consumers of one of the groups through, within their limits; endpoints marked with <c>AllowAnonymous()</c> are open.
    /// Health and metrics have their own port and are not behind it.
    /// </summary>
    /// <exception cref="OptionsValidationException">The configured consumers contradict each other or lack something.</exception>
    public static WebApplication UseEdge(this WebApplication app, params string[] groups)
    {
        var options = app.Services.GetRequiredService<IOptions<EdgeOptions>>().Value;
        var keys = app.Services.GetRequiredService<ConsumerKeys>();
        if (options.Mode == EdgeMode.Embedded && keys.Count == 0)
            NoConsumers(app.Logger);

        app.UseMiddleware<EdgeMiddleware>((object)groups);
        app.UseRateLimiter();
        return app;
    }

    /// <summary>Who sent the request; null on endpoints that are open to all.</summary>
    public static EdgeConsumer? Consumer(this HttpContext context) => context.Features.Get<EdgeConsumer>();

    [LoggerMessage(LogLevel.Warning, "Edge:Consumers is empty: every request will be answered with 401.")]
    private static partial void NoConsumers(ILogger logger);
}
