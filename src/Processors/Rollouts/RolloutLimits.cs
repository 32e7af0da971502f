namespace IotBus.Processors.Rollouts;

/// <summary>The bounds of a rollout.</summary>
internal static class RolloutLimits
{
    /// <summary>Devices of one rollout: they are added in one transaction.</summary>
    public const int MaxDevices = 10_000;

    /// <summary>Devices of one wave: they are asked in one transaction.</summary>
    public const int MaxWave = 2_000;

    /// <summary>Bytes of a request.</summary>
    public const int MaxBodyBytes = 2 * 1024 * 1024;

    public static readonly TimeSpan MinConfirmTimeout = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan MaxConfirmTimeout = TimeSpan.FromDays(7);
}
