using System.Text.Json.Serialization;

namespace IotBus.Messages;

/// <summary>A command to a device: install a firmware, and boot. It goes to <see cref="Topics.DeviceCommands"/> with the device as its key.</summary>
public sealed record FirmwareUpdateRequested
{
    /// <summary>Tells the command from others on the topic.</summary>
    public const string CommandType = "firmware_update";

    /// <summary>Identifies the command for ever: it may come more than once.</summary>
    [JsonPropertyName("command_id"), JsonPropertyOrder(-5)]
    public required Guid CommandId { get; init; }

    [JsonPropertyName("type"), JsonPropertyOrder(-4)]
    public string Type { get; } = CommandType;

    /// <summary>When it was given, UTC.</summary>
    [JsonPropertyName("timestamp"), JsonPropertyOrder(-3), JsonConverter(typeof(UtcTimestampConverter))]
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The device that shall obey.</summary>
    [JsonPropertyName("device_id"), JsonPropertyOrder(-2)]
    public required string DeviceId { get; init; }

    /// <summary>The version to install.</summary>
    [JsonPropertyName("version")]
    public required string Version { get; init; }

    /// <summary>When the rollout stops waiting for a boot with that version, UTC.</summary>
    [JsonPropertyName("confirm_by"), JsonConverter(typeof(UtcTimestampConverter))]
    public required DateTimeOffset ConfirmBy { get; init; }

    /// <summary>The rollout that it belongs to.</summary>
    [JsonPropertyName("rollout_id")]
    public required Guid RolloutId { get; init; }
}
