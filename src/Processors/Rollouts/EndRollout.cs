using IotBus.Persistence;
using MassTransit;

namespace IotBus.Processors.Rollouts;

/// <summary>Lets go of the devices that were not asked.</summary>
internal sealed class EndRollout(RolloutDevices devices, MongoDbContext database, TimeProvider time) : RolloutActivity("endRollout")
{
    protected override Task ExecuteAsync(BehaviorContext<Rollout> context)
    {
        context.Saga.EndedAt = time.GetUtcNow();
        return devices.CancelWaitingAsync(context.Saga.CorrelationId, context.Saga.EndedAt.Value, database.Session, context.CancellationToken);
    }
}
