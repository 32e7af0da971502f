namespace IotBus.Processors.Rollouts;

/// <summary>A device's update within a rollout.</summary>
/// <param name="RolloutId">The rollout.</param>
/// <param name="DeviceId">The device.</param>
/// <param name="Version">The version it is to run.</param>
/// <param name="State">One of <see cref="DeviceUpdateStates"/>.</param>
/// <param name="RequestedAt">When it was asked to update.</param>
internal sealed record DeviceUpdate(Guid RolloutId, string DeviceId, string Version, string State, DateTimeOffset RequestedAt)
{
    /// <summary>One of <see cref="DeviceUpdateReasons"/>, where the state alone does not tell.</summary>
    public string? Reason { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }
}
