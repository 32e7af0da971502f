using System.Text.Json.Serialization;

namespace IotBus.Reporting.Metrics;

/// <summary>How many events arrived on a UTC day, written YYYY-MM-DD.</summary>
internal sealed record DayActivity(
    [property: JsonPropertyName("_id")] string Day,
    [property: JsonPropertyName("events_count")] long Events);
