using IotBus.Persistence;
using MassTransit;

namespace IotBus.Processors.Rollouts;

/// <summary>
/// Counts the wave's devices that have not reached their end, and the rollout's that failed. They are counted and not added up: so no notice of a device can be
/// counted twice, and any may be missing but the last.
/// </summary>
internal sealed class CountWave(RolloutDevices devices, MongoDbContext database) : RolloutActivity("countWave")
{
    protected override async Task ExecuteAsync(BehaviorContext<Rollout> context)
    {
        var rollout = context.Saga;
        rollout.Pending = await devices.CountPendingAsync(rollout.CorrelationId, rollout.Wave, database.Session, context.CancellationToken).ConfigureAwait(false);
        rollout.Failures = await devices.CountFailedAsync(rollout.CorrelationId, database.Session, context.CancellationToken).ConfigureAwait(false);
    }
}
