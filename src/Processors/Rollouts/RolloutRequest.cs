using System.Text.Json.Serialization;

namespace IotBus.Processors.Rollouts;

/// <summary>The body of <c>POST /rollouts</c>. All members may be missing or wrong: the validator says so, all at once.</summary>
internal sealed record RolloutRequest
{
    /// <summary>The rollout's identifier, a UUID: sent again, the request has no second effect. The header <c>Idempotency-Key</c> stands for it.</summary>
    [JsonPropertyName("rollout_id")]
    public Guid? RolloutId { get; init; }

    /// <summary>The firmware to roll out.</summary>
    [JsonPropertyName("version")]
    public string? Version { get; init; }

    /// <summary>The devices, each once. Either these or a zone.</summary>
    [JsonPropertyName("device_ids")]
    public IReadOnlyList<string?>? DeviceIds { get; init; }

    /// <summary>All devices that are in this zone now.</summary>
    [JsonPropertyName("zone")]
    public string? Zone { get; init; }

    /// <summary>Devices a wave. Either this or a percentage.</summary>
    [JsonPropertyName("wave_size")]
    public int? WaveSize { get; init; }

    /// <summary>Of a hundred devices, how many a wave has; rounded up.</summary>
    [JsonPropertyName("percent")]
    public double? Percent { get; init; }

    /// <summary>At so many failed devices the rollout stops itself.</summary>
    [JsonPropertyName("max_failures")]
    public int? MaxFailures { get; init; }

    /// <summary>Seconds that a device has from the command to its boot.</summary>
    [JsonPropertyName("confirm_timeout")]
    public double? ConfirmTimeout { get; init; }
}
