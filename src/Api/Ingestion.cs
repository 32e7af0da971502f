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
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJsonContext.Default));
        builder.WebHost.ConfigureKestrel(Limit);
    }

    /// <summary>Bounds for clients that are slow, broken or hostile. The service's own bounds are tighter and answer better.</summary>
    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = EventLimits.MaxBatchBytes + (64 * 1024);
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestLineSize = 4 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
    }
}
