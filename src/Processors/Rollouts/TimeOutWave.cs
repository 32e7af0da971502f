using IotBus.Messages;
using IotBus.Persistence;
using MassTransit;

namespace IotBus.Processors.Rollouts;

/// <summary>The devices of a wave that have not reached their end have failed.</summary>
internal sealed class TimeOutWave(RolloutDevices devices, MongoDbContext database, TimeProvider time)
    : RolloutEventActivity<RolloutWaveTimedOut>("timeOutWave")
{
    protected override Task ExecuteAsync(BehaviorContext<Rollout, RolloutWaveTimedOut> context) => devices.TimeOutAsync(
        context.Saga.CorrelationId, context.Message.Wave, time.GetUtcNow(), database.Session, context.CancellationToken);
}
