using IotBus.Messages;
using MassTransit;

namespace IotBus.Processors.Rollouts;

/// <summary>Takes the rollout's terms from its request.</summary>
internal sealed class AcceptRollout(TimeProvider time) : RolloutEventActivity<RolloutRequested>("acceptRollout")
{
    protected override Task ExecuteAsync(BehaviorContext<Rollout, RolloutRequested> context)
    {
        var (rollout, request) = (context.Saga, context.Message);
        rollout.Firmware = request.Firmware;
        rollout.Waves = request.Waves;
        rollout.MaxFailures = request.MaxFailures;
        rollout.ConfirmTimeout = request.ConfirmTimeout;
        rollout.StartedAt = time.GetUtcNow();
        return Task.CompletedTask;
    }
}
