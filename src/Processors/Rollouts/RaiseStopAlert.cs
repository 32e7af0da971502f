using IotBus.Messages;
using MassTransit;

namespace IotBus.Processors.Rollouts;

/// <summary>Raises an alert of a rollout that stopped itself, on the topic of all alerts, in the name of a device that stands for the rollout.</summary>
internal sealed class RaiseStopAlert(IDeviceCommands commands, RolloutMetrics metrics, TimeProvider time, ILogger<RaiseStopAlert> logger)
    : RolloutActivity("raiseStopAlert")
{
    public const string ErrorCode = "ROLLOUT-STOPPED";

    /// <summary>The device in whose name the alert is raised.</summary>
    public static string DeviceOf(Guid rolloutId) => $"rollout:{rolloutId}";

    protected override async Task ExecuteAsync(BehaviorContext<Rollout> context)
    {
        var rollout = context.Saga;

        // Once a rollout, also if it is raised again: the identifier is the rollout's.
        var alert = new AlertRaised
        {
            EventId = rollout.CorrelationId,
            Timestamp = time.GetUtcNow(),
            DeviceId = DeviceOf(rollout.CorrelationId),
            ErrorCode = ErrorCode,
            Severity = Severities.Critical,
        };
        await commands.RaiseAsync(alert, context.CancellationToken).ConfigureAwait(false);
        metrics.Stopped();
        RolloutLog.Stopped(logger, rollout.CorrelationId, rollout.Firmware, rollout.Failures, rollout.Wave, rollout.Waves);
    }
}
