using System.Text.Json.Serialization;

namespace IotBus.Messages;

/// <summary>A device reported a fault.</summary>
public sealed record AlertRaised : SensorEvent
{
    [JsonPropertyName("type"), JsonPropertyOrder(-4)]
    public override string Type => EventTypes.Alert;

    [JsonPropertyName("error_code")]
    public required string ErrorCode { get; init; }

    /// <summary>One of <see cref="Severities"/>, lower-case.</summary>
    [JsonPropertyName("severity")]
    public required string Severity { get; init; }
}
