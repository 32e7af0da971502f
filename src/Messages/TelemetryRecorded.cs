using System.Text.Json.Serialization;

namespace IotBus.Messages;

/// <summary>A device measured its surroundings.</summary>
public sealed record TelemetryRecorded : SensorEvent
{
    [JsonPropertyName("type"), JsonPropertyOrder(-4)]
    public override string Type => EventTypes.Telemetry;

    [JsonPropertyName("zone_id")]
    public required string ZoneId { get; init; }

    /// <summary>°C, −273.15…2,000.</summary>
    [JsonPropertyName("temperature")]
    public required double Temperature { get; init; }

    /// <summary>Relative humidity, %, 0…100.</summary>
    [JsonPropertyName("humidity")]
    public required double Humidity { get; init; }
}
