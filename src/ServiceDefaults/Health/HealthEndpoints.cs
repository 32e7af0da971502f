using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IotBus.ServiceDefaults.Health;

/// <summary>The answers of <c>/health/live</c> and <c>/health/ready</c>.</summary>
internal sealed class HealthEndpoints(Readiness readiness)
{
    /// <summary>200 as long as the process serves requests at all: what is wrong elsewhere is no reason to restart this.</summary>
    public static async Task LiveAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync("""{"status":"live"}""", context.RequestAborted);
    }

    /// <summary>200 when every check passes, else 503; either way the body names each check with its status, reason and duration.</summary>
    public async Task ReadyAsync(HttpContext context)
    {
        var outcomes = await readiness.CheckAsync(context.RequestAborted);
        var ready = true;
        foreach (var outcome in outcomes)
            ready &= outcome.Status != HealthStatus.Unhealthy;

        context.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
            Write(json, ready, outcomes);

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, bool ready, IReadOnlyList<CheckOutcome> outcomes)
    {
        json.WriteStartObject();
        json.WriteString("status", ready ? "ready" : "not_ready");
        json.WriteStartArray("checks");
        foreach (var (name, status, reason, duration) in outcomes)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("status", status switch
            {
                HealthStatus.Healthy => "healthy",
                HealthStatus.Degraded => "degraded",
                _ => "unhealthy",
            });
            json.WriteString("reason", reason);
            json.WriteNumber("duration_ms", Math.Round(duration.TotalMilliseconds, 3));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
