namespace IotBus.Processors.Rollouts;

/// <summary>A rollout, as it is shown.</summary>
internal sealed record RolloutView
{
    public required Guid RolloutId { get; init; }

    public required string Version { get; init; }

    /// <summary><c>requested</c>, <c>running</c>, <c>paused</c>, <c>completed</c>, <c>stopped</c> or <c>aborted</c>.</summary>
    public required string State { get; init; }

    public string? Zone { get; init; }

    public required int WaveSize { get; init; }

    public required int MaxFailures { get; init; }

    /// <summary>Seconds.</summary>
    public required double ConfirmTimeout { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The wave that was started last, from 1; 0 before the first.</summary>
    public required int Wave { get; init; }

    public required DeviceCounts Counts { get; init; }

    public required IReadOnlyList<WaveView> Waves { get; init; }

    public required IReadOnlyList<RolloutDeviceView> Devices { get; init; }

    /// <summary>For the next page of devices: <c>after</c>. Null on the last.</summary>
    public string? Next { get; init; }
}

/// <summary>How many devices there are, and in which state.</summary>
internal sealed record DeviceCounts(int Devices, int Waiting, int Requested, int Started, int Confirmed, int Failed, int Cancelled)
{
    public static DeviceCounts Of(IReadOnlyDictionary<string, int> states)
    {
        return new DeviceCounts(
            states.Values.Sum(),
            Count(DeviceUpdateStates.Waiting),
            Count(DeviceUpdateStates.Requested),
            Count(DeviceUpdateStates.Started),
            Count(DeviceUpdateStates.Confirmed),
            Count(DeviceUpdateStates.Failed),
            Count(DeviceUpdateStates.Cancelled));

        int Count(string state) => states.GetValueOrDefault(state);
    }
}

/// <summary>A wave.</summary>
/// <param name="Wave">Its number, from 1.</param>
/// <param name="State"><c>waiting</c>, <c>running</c>, <c>settled</c> or <c>cancelled</c>.</param>
/// <param name="Counts">Its devices.</param>
internal sealed record WaveView(int Wave, string State, DeviceCounts Counts);

/// <summary>A device of a rollout.</summary>
internal sealed record RolloutDeviceView
{
    public required string DeviceId { get; init; }

    public required int Wave { get; init; }

    public required string State { get; init; }

    public string? Reason { get; init; }

    public DateTimeOffset? RequestedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }
}
