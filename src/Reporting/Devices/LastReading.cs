using System.Text.Json.Serialization;

namespace IotBus.Reporting.Devices;

/// <summary>A device's newest reading: °C and % relative humidity.</summary>
internal sealed record LastReading(
    [property: JsonPropertyName("temperature")] double Temperature,
    [property: JsonPropertyName("humidity")] double Humidity,
    [property: JsonPropertyName("at")] DateTime At);
