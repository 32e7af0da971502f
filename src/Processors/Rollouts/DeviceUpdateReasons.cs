namespace IotBus.Processors.Rollouts;

/// <summary>Why a device of a rollout is where it is, where its state alone does not tell.</summary>
internal static class DeviceUpdateReasons
{
    /// <summary>It ran the version before its wave.</summary>
    public const string AlreadyRuns = "already_runs";

    public const string TimedOut = "timed_out";

    /// <summary>It booted with another version.</summary>
    public const string OtherVersion = "other_version";

    /// <summary>It raised an alert of high or critical severity.</summary>
    public const string Alert = "alert";

    /// <summary>The rollout ended before its wave.</summary>
    public const string RolloutEnded = "rollout_ended";

    public const string Decommissioned = "decommissioned";
}
