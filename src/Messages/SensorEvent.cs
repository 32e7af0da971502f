using System.Text.Json.Serialization;

namespace IotBus.Messages;

/// <summary>What every event of a device carries. On the wire it is a flat JSON object with snake_case members.</summary>
public abstract record SensorEvent
{
    /// <summary>Identifies the event for ever: the same identifier sent twice has one effect.</summary>
    [JsonPropertyName("event_id"), JsonPropertyOrder(-5)]
    public required Guid EventId { get; init; }

    /// <summary>The kind of event, one of <see cref="EventTypes"/>. An override must repeat the attributes: the JSON generator does not inherit them.</summary>
    [JsonPropertyName("type"), JsonPropertyOrder(-4)]
    public abstract string Type { get; }

    /// <summary>When it happened at the device, UTC.</summary>
    [JsonPropertyName("timestamp"), JsonPropertyOrder(-3), JsonConverter(typeof(UtcTimestampConverter))]
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The device, 1–128 characters of letters, digits, <c>.</c>, <c>_</c>, <c>:</c>, <c>-</c>. It is the key of the message on Kafka.</summary>
    [JsonPropertyName("device_id"), JsonPropertyOrder(-2)]
    public required string DeviceId { get; init; }
}
