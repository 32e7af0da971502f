using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IotBus.DevHost.Tests.Replay;

/// <summary>Api, Reporting and the processors' metrics in one, as far as a replay speaks with them: an event identifier has one effect.</summary>
internal sealed class FakeSystem : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<Guid, string> _applied = new();
    private int _requests;
    private int _scrapes;

    private FakeSystem()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapPost("/events", (Delegate)TakeAsync);
        _app.MapGet("/metrics/temperature/average-by-zone", Averages);
        _app.MapGet("/metrics", () => ++_scrapes > Unassigned ? $"iotbus_consumer_lag{{topic=\"sensor-telemetry\",partition=\"0\"}} {Lag}\n" : "");
    }

    public Uri Url => new(_app.Urls.Single() + "/");

    /// <summary>Says, by the request's number from 1, what goes wrong with it; null when nothing does.</summary>
    public Func<int, IResult?> Refuse { get; set; } = _ => null;

    public Func<IResult>? ReportingAnswer { get; set; }

    public int Lag { get; set; }

    /// <summary>How often the processors are asked before they have a partition.</summary>
    public int Unassigned { get; set; }

    public int Requests => _requests;

    /// <summary>Every line taken, in the order of arrival, repeats too.</summary>
    public ConcurrentQueue<JsonElement> Lines { get; } = new();

    public ConcurrentBag<string?> Keys { get; } = [];

    public static async Task<FakeSystem> StartAsync()
    {
        var system = new FakeSystem();
        await system._app.StartAsync();
        return system;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpContext context)
    {
        Keys.Add(context.Request.Headers["apikey"]);
        using var reader = new StreamReader(context.Request.Body);
        var lines = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (Refuse(Interlocked.Increment(ref _requests)) is { } refusal)
            return refusal;

        var errors = new List<object>();
        for (var i = 0; i < lines.Length; i++)
        {
            var line = JsonDocument.Parse(lines[i]).RootElement;
            Lines.Enqueue(line);
            if (line.GetProperty("humidity").GetDouble() > 100)
                errors.Add(new { line = i + 1, error = "humidity must be 0 to 100" });
            else
                _applied.TryAdd(line.GetProperty("event_id").GetGuid(), line.GetProperty("zone_id").GetString()!);
        }

        return Results.Json(new { accepted = lines.Length - errors.Count, rejected = errors.Count, errors });
    }

    private IResult Averages() => ReportingAnswer?.Invoke() ?? Results.Json(
        _applied.Values.GroupBy(zone => zone).Select(zone => new { _id = zone.Key, avg_temp = 20.0, avg_hum = 40.0, samples = zone.Count() }));
}
