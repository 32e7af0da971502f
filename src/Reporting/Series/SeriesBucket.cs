using System.Text.Json.Serialization;

namespace IotBus.Reporting.Series;

/// <summary>The readings of a device from <paramref name="Start"/> on, for the width of the bucket: °C and % relative humidity.</summary>
internal sealed record SeriesBucket(
    [property: JsonPropertyName("t")] DateTime Start,
    [property: JsonPropertyName("count")] long Count,
    [property: JsonPropertyName("temperature")] Spread Temperature,
    [property: JsonPropertyName("humidity")] Spread Humidity);
