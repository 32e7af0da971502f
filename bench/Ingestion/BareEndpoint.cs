using System.Text.Json.Serialization;
using IotBus.Bench.Processes;
using IotBus.Messages;

namespace IotBus.Bench.Ingestion;

/// <summary>
/// What the Api stands beside: Kestrel with the same settings and minimal endpoints that read the same JSON and answer the same JSON: no keys, no limits,
/// no validation, no metrics. A single event goes nowhere; a batch goes to Kafka, see <see cref="BareBatches"/>.
/// </summary>
internal static class BareEndpoint
{
    public const string Role = "bare-endpoint";

    public static ChildProcess Start(Uri url, string bootstrapServers) => ChildProcess.StartRole(Role, url.ToString(), bootstrapServers);

    /// <summary>Listens until it is stopped. The arguments: the URL, and Kafka's bootstrap servers.</summary>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, BareJsonContext.Default));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 16 * 1024 * 1024;
        });
        builder.WebHost.UseUrls(args[0]);
        await using var app = builder.Build();
        app.MapGet("/", () => Results.Ok());
        app.MapPost("/event/telemetry", (BareReading reading) => TypedResults.Ok(new BareAnswer("data_received", reading.ToEvent())));
        using var lines = new BareBatches(args[1]);
        app.MapPost("/events", (HttpRequest request, CancellationToken aborted) => lines.ReadAsync(request.BodyReader, aborted));
        await app.RunAsync(cancellationToken);
        return 0;
    }
}

/// <summary>The body of <c>POST /event/telemetry</c>, for a reader that trusts it.</summary>
internal sealed record BareReading(
    [property: JsonPropertyName("device_id")] string DeviceId,
    [property: JsonPropertyName("zone_id")] string ZoneId,
    [property: JsonPropertyName("temperature")] double Temperature,
    [property: JsonPropertyName("humidity")] double Humidity)
{
    public TelemetryRecorded ToEvent()
    {
        var now = DateTimeOffset.UtcNow;
        return new TelemetryRecorded
        {
            EventId = Guid.CreateVersion7(now),
            Timestamp = now,
            DeviceId = DeviceId,
            ZoneId = ZoneId,
            Temperature = Temperature,
            Humidity = Humidity,
        };
    }
}

internal sealed record BareAnswer(
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("event")] TelemetryRecorded Event);

internal sealed record BareBatchAnswer(
    [property: JsonPropertyName("accepted")] int Accepted,
    [property: JsonPropertyName("rejected")] int Rejected,
    [property: JsonPropertyName("errors")] string[] Errors);

[JsonSerializable(typeof(BareReading))]
[JsonSerializable(typeof(BareAnswer))]
[JsonSerializable(typeof(BareBatchAnswer))]
internal sealed partial class BareJsonContext : JsonSerializerContext;
