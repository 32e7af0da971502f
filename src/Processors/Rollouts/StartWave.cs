using IotBus.Messages;
using IotBus.Persistence;
using MassTransit;

namespace IotBus.Processors.Rollouts;

/// <summary>
/// Asks the devices of the next wave to update; those that run the version already count as confirmed. The commands leave with the transaction that says so.
/// </summary>
internal sealed class StartWave(RolloutDevices devices, MongoDbContext database, IDeviceCommands commands, TimeProvider time, ILogger<StartWave> logger)
    : RolloutActivity("startWave")
{
    protected override async Task ExecuteAsync(BehaviorContext<Rollout> context)
    {
        var rollout = context.Saga;
        var now = time.GetUtcNow();
        rollout.Wave++;
        var (asked, updated) = await devices
            .StartWaveAsync(rollout.CorrelationId, rollout.Wave, rollout.Firmware, now, database.Session, context.CancellationToken)
            .ConfigureAwait(false);
        rollout.Pending = asked.Count;
        foreach (var device in asked)
        {
            await commands.SendAsync(
                new FirmwareUpdateRequested
                {
                    CommandId = NewId.NextGuid(),
                    Timestamp = now,
                    DeviceId = device,
                    Version = rollout.Firmware,
                    ConfirmBy = now + rollout.ConfirmTimeout,
                    RolloutId = rollout.CorrelationId,
                },
                context.CancellationToken).ConfigureAwait(false);
        }

        // Nobody will tell of a wave in which nobody has anything to do.
        if (asked.Count == 0)
            await context.Send(context.ReceiveContext.InputAddress, new RolloutProgressed(rollout.CorrelationId)).ConfigureAwait(false);

        RolloutLog.WaveStarted(logger, rollout.CorrelationId, rollout.Wave, rollout.Waves, asked.Count, updated);
    }
}
