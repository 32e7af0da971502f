using System.Text.Json.Serialization;
using IotBus.Api.Batches;
using IotBus.Api.Events;
using IotBus.Api.Producing;
using IotBus.Api.Validation;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IotBus.Api;

/// <summary>What taking events needs, apart from Kafka itself.</summary>
internal static class Ingestion
{
    public static void AddIngestion(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IngestionMetrics>();
        builder.Services.AddSingleton<EventProducer>();
        builder.Services.AddSingleton<EventRecorder>();
        builder.Services.AddValidators();
        builder.Services.AddOptions<BatchOptions>().BindConfiguration("Batches");
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJsonContext.Default);

            // Answers never hold numbers as text, and the document must not say they might.
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        builder.WebHost.ConfigureKestrel(Limit);
    }

    public static void MapIngestion(this WebApplication app)
    {
        // Made now, so that its counters are there, at zero, before the first event.
        app.Services.GetRequiredService<IngestionMetrics>();
        app.MapEvents();
        app.MapBatches();
    }

    /// <summary>
    /// Bounds for clients that are slow, broken or hostile. The bound on bodies is far above the service's own: what lies between is read
    /// and thrown away for a few seconds after the answer, so that a client still sending gets to see it.
    /// </summary>
    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 8 * EventLimits.MaxBatchBytes;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestLineSize = 4 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
    }
}
