using IotBus.ServiceDefaults.Health;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.ServiceDefaults.Metrics;

/// <summary>The answer of <c>/metrics</c>.</summary>
internal sealed class MetricsEndpoint(MetricsRegistry registry, ServiceMetrics service)
{
    public async Task WriteAsync(HttpContext context)
    {
        var write = await service.AskAsync(context.RequestAborted);
        context.Response.ContentType = Exposition.ContentType;
        var exposition = new Exposition(context.Response.BodyWriter);
        registry.Scrape(exposition.Family);
        write(exposition);
        ProcessMetrics.Write(exposition);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}

internal static class MetricsRegistration
{
    public static void AddMetricsEndpoint(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<MetricsRegistry>();
        services.AddSingleton<ServiceMetrics>();
        services.AddSingleton<MetricsEndpoint>();
        services.AddOptions<MetricsOptions>().Configure<IConfiguration>(Configure);
    }

    private static void Configure(MetricsOptions options, IConfiguration configuration)
    {
        var section = configuration.GetSection("Metrics");
        options.MaxSeries = section.GetValue(nameof(options.MaxSeries), options.MaxSeries);
        foreach (var meter in section.GetSection(nameof(options.Meters)).Get<string[]>() ?? [])
            options.Meters.Add(meter);

        // By hand, since the binder would add the configured bounds to the ones already there.
        foreach (var bounds in section.GetSection(nameof(options.Buckets)).GetChildren())
            options.Buckets[bounds.Key] = bounds.Get<double[]>() ?? [];
    }
}
