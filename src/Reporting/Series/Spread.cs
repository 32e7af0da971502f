using System.Text.Json.Serialization;

namespace IotBus.Reporting.Series;

/// <summary>Mean, least and greatest of a quantity.</summary>
internal sealed record Spread(
    [property: JsonPropertyName("avg")] double Average,
    [property: JsonPropertyName("min")] double Minimum,
    [property: JsonPropertyName("max")] double Maximum);
