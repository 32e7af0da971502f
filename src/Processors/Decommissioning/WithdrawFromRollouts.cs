using IotBus.Messages;
using IotBus.Persistence;
using IotBus.Processors.Rollouts;
using MassTransit;

namespace IotBus.Processors.Decommissioning;

/// <summary>Takes the device out of the rollout that it is in, and tells the rollout, which no longer waits for it. It counts as no failure.</summary>
internal sealed class WithdrawFromRollouts(IServiceScopeFactory scopes, TimeProvider time) : IDecommissionStep
{
    public string Name => "rollouts";

    public async Task RunAsync(Decommission decommission, CancellationToken cancellationToken)
    {
        // A transaction of its own: the saga's would be lost with it if it failed.
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var services = scope.ServiceProvider;
            var devices = services.GetRequiredService<RolloutDevices>();
            var endpoints = services.GetRequiredService<ISendEndpointProvider>();
            await services.GetRequiredService<MongoDbContext>().WithTransactionAsync(
                async (session, cancelled) =>
                {
                    if (await devices.WithdrawAsync(decommission.DeviceId, time.GetUtcNow(), session, cancelled).ConfigureAwait(false) is not { } rollout)
                        return false;

                    var rollouts = await endpoints.GetSendEndpoint(RolloutAddress.Queue).ConfigureAwait(false);
                    await rollouts.Send(new RolloutProgressed(rollout), cancelled).ConfigureAwait(false);
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
        }
    }
}
