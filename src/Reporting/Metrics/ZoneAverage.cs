using System.Text.Json.Serialization;

namespace IotBus.Reporting.Metrics;

/// <summary>The mean of all readings of a zone: °C and % relative humidity.</summary>
internal sealed record ZoneAverage(
    [property: JsonPropertyName("_id")] string Zone,
    [property: JsonPropertyName("avg_temp")] double Temperature,
    [property: JsonPropertyName("avg_hum")] double Humidity,
    [property: JsonPropertyName("samples")] long Samples);
