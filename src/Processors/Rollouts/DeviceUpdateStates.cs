namespace IotBus.Processors.Rollouts;

/// <summary>How far a device of a rollout is.</summary>
internal static class DeviceUpdateStates
{
    /// <summary>Its wave has not started.</summary>
    public const string Waiting = "waiting";

    /// <summary>It was asked to update.</summary>
    public const string Requested = "requested";

    /// <summary>It said that it began to.</summary>
    public const string Started = "started";

    /// <summary>It booted with the version, or ran it already.</summary>
    public const string Confirmed = "confirmed";

    public const string Failed = "failed";

    /// <summary>The rollout ended before its wave, or the device was taken out of service.</summary>
    public const string Cancelled = "cancelled";

    public static IReadOnlyList<string> All { get; } = [Waiting, Requested, Started, Confirmed, Failed, Cancelled];

    /// <summary>Whether the device has been asked and its end is open.</summary>
    public static bool IsPending(string state) => state is Requested or Started;
}
