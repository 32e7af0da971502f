using MassTransit;

namespace IotBus.Processors.Rollouts;

/// <summary>
/// Where a rollout stands. It stays as small as this however many devices there are: they have documents of their own (<see cref="RolloutDevices"/>).
/// </summary>
internal sealed class Rollout : SagaStateMachineInstance, ISagaVersion
{
    public Guid CorrelationId { get; set; }

    public int Version { get; set; }

    public string CurrentState { get; set; } = "";

    /// <summary>The version that is rolled out.</summary>
    public string Firmware { get; set; } = "";

    public int MaxFailures { get; set; }

    public TimeSpan ConfirmTimeout { get; set; }

    public int Waves { get; set; }

    /// <summary>The last wave that was started, from 1; 0 before the first.</summary>
    public int Wave { get; set; }

    /// <summary>How many of the wave's devices had not reached their end when it was last looked.</summary>
    public long Pending { get; set; }

    /// <summary>How many devices had failed, in all waves, when it was last looked.</summary>
    public long Failures { get; set; }

    /// <summary>The scheduled end of the wave.</summary>
    public Guid? WaveTimeoutToken { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }
}
