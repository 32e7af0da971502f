namespace IotBus.Processors.Rollouts;

/// <summary>What the log tells of rollouts.</summary>
internal static partial class RolloutLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Rollout {RolloutId}: wave {Wave} of {Waves} started; {Asked} devices are asked to update, {Updated} run the version.")]
    public static partial void WaveStarted(ILogger logger, Guid rolloutId, int wave, int waves, int asked, int updated);

    [LoggerMessage(Level = LogLevel.Error, Message = "Rollout {RolloutId} of {Version} stopped itself after {Failures} failures in wave {Wave} of {Waves}.")]
    public static partial void Stopped(ILogger logger, Guid rolloutId, string version, long failures, int wave, int waves);
}
