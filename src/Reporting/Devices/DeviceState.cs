using System.Text.Json.Serialization;

namespace IotBus.Reporting.Devices;

/// <summary>The last that is known of a device, each part with the time of the event that told it. What is not known yet is absent.</summary>
internal sealed record DeviceState
{
    [JsonPropertyName("device")]
    public required string Device { get; init; }

    [JsonPropertyName("zone"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Zone { get; init; }

    [JsonPropertyName("zone_at"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? ZoneAt { get; init; }

    /// <summary>What the device reported at the last boot that told it; <c>unknown</c> if none did.</summary>
    [JsonPropertyName("firmware"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Firmware { get; init; }

    [JsonPropertyName("firmware_at"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? FirmwareAt { get; init; }

    /// <summary>The version of the last update that was started.</summary>
    [JsonPropertyName("updating_to"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UpdatingTo { get; init; }

    [JsonPropertyName("update_at"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? UpdateAt { get; init; }

    [JsonPropertyName("reading"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LastReading? Reading { get; init; }

    [JsonPropertyName("alert"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LastAlert? Alert { get; init; }

    /// <summary>The time of the device's newest event of any type.</summary>
    [JsonPropertyName("last_seen"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? LastSeen { get; init; }
}
