using System.Text.Json.Serialization;

namespace IotBus.Messages;

/// <summary>A device started.</summary>
public sealed record DeviceBooted : SensorEvent
{
    /// <summary>The firmware of a device that does not tell it.</summary>
    public const string UnknownFirmware = "unknown";

    [JsonPropertyName("type"), JsonPropertyOrder(-4)]
    public override string Type => EventTypes.Boot;

    [JsonPropertyName("zone_id")]
    public required string ZoneId { get; init; }

    /// <summary>The version the device runs; <see cref="UnknownFirmware"/> when nobody told it.</summary>
    [JsonPropertyName("firmware")]
    public string Firmware
    {
        get;

        // The JSON generator assigns null to a member that is missing, whatever its initial value.
        init => field = value ?? UnknownFirmware;
    } = UnknownFirmware;
}
