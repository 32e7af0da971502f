using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using IotBus.ServiceDefaults.Management;
using IotBus.ServiceDefaults.Telemetry;
using IotBus.ServiceDefaults.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.ServiceDefaults.Tests.Telemetry;

/// <summary>Traces and metrics go to a collector when there is one.</summary>
public sealed class ExportTests
{
    [Fact]
    public async Task Without_a_collector_nothing_is_exported()
    {
        await using var service = await ServiceHost.StartAsync();

        Assert.False(service.App.Services.GetRequiredService<OpenTelemetryExport>().IsExporting);
    }

    [Fact]
    public async Task Traces_and_metrics_reach_the_collector_at_the_latest_when_the_service_stops()
    {
        var received = new ConcurrentQueue<string>();
        await using var collector = await ServiceHost.StartAsync(use: app => app.MapPost("/v1/{signal}", async (string signal, HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.Enqueue($"{signal} {System.Text.Encoding.Latin1.GetString(body.ToArray())}");
        }));
        await using var service = await ServiceHost.StartAsync(builder =>
        {
            builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url;
            builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        });
        using var source = new ActivitySource("IotBus.Test");
        using (source.StartActivity("a span of ours"))
        {
        }

        service.App.Services.GetRequiredService<IMeterFactory>().Create("IotBus.Test").CreateCounter<long>("iotbus_exported_total").Add(1);

        await service.App.StopAsync();

        Assert.Contains(received, body => body.StartsWith("traces", StringComparison.Ordinal) && body.Contains("a span of ours", StringComparison.Ordinal));
        Assert.Contains(received, body => body.StartsWith("metrics", StringComparison.Ordinal) && body.Contains("iotbus_exported_total", StringComparison.Ordinal));
        Assert.All(received, body => Assert.Contains("iotbus", body, StringComparison.Ordinal));
    }
}
