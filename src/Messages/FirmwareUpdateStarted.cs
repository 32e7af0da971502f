using System.Text.Json.Serialization;

namespace IotBus.Messages;

/// <summary>A device began to install a firmware; it reports the new version at its next boot.</summary>
public sealed record FirmwareUpdateStarted : SensorEvent
{
    [JsonPropertyName("type"), JsonPropertyOrder(-4)]
    public override string Type => EventTypes.FirmwareUpdate;

    /// <summary>The version being installed. Devices send it as <c>version_to</c>.</summary>
    [JsonPropertyName("update_to")]
    public required string UpdateTo { get; init; }
}
