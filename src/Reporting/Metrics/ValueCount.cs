using System.Text.Json.Serialization;

namespace IotBus.Reporting.Metrics;

/// <summary>How many events carried a value: a severity, or a firmware version.</summary>
internal sealed record ValueCount(
    [property: JsonPropertyName("_id")] string Value,
    [property: JsonPropertyName("count")] long Count);
