using IotBus.Kafka;
using IotBus.Messages;
using IotBus.MongoDb;
using IotBus.Persistence;
using IotBus.Processors.Store;
using MassTransit;

namespace IotBus.Processors.Rollouts;

/// <summary>
/// Moves the updates of devices on by their boots, started updates and alerts, in batches: one query for a batch that has any, and a transaction only if one of
/// their devices has been asked to update. A device is asked by what commits before its command leaves, so whatever a command brings about finds it. A batch
/// that comes again changes nothing, since a device that has reached its end stays there. Each rollout is told once a batch, with the same transaction.
/// </summary>
internal sealed class RolloutEventConsumer(
    RolloutDevices devices,
    MongoDbContext database,
    ISendEndpointProvider endpoints,
    StoreSetup setup,
    RolloutMetrics metrics,
    TimeProvider time) : ITopicBatchConsumer<SensorEvent>
{
    public async Task Consume(TopicBatch<SensorEvent> batch, CancellationToken cancellationToken)
    {
        await setup.Ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        HashSet<string>? told = null;
        foreach (var message in batch.Messages)
        {
            if (Counts(message))
                (told ??= new HashSet<string>(StringComparer.Ordinal)).Add(message.Message.DeviceId);
        }

        if (told is null || await devices.FindPendingAsync(told, session: null, cancellationToken).ConfigureAwait(false) is [])
            return;

        var settled = await database
            .WithTransactionAsync((session, cancelled) => ApplyAsync(batch, told, session, cancelled), cancellationToken)
            .ConfigureAwait(false);
        foreach (var update in settled)
            metrics.Settled(update.State);
    }

    private async Task<IReadOnlyList<DeviceUpdate>> ApplyAsync(
        TopicBatch<SensorEvent> batch, HashSet<string> told, MongoSession session, CancellationToken cancellationToken)
    {
        var pending = await devices.FindPendingAsync(told, session, cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var updates = pending.ToDictionary(update => update.DeviceId, StringComparer.Ordinal);
        foreach (var message in batch.Messages)
        {
            if (Counts(message) && updates.TryGetValue(message.Message.DeviceId, out var update))
                updates[update.DeviceId] = DeviceUpdateRules.After(update, message.Message, message.Timestamp, now);
        }

        var changed = pending.Where(update => !ReferenceEquals(update, updates[update.DeviceId])).Select(update => updates[update.DeviceId]).ToList();
        if (changed.Count == 0)
            return [];

        await devices.SaveAsync(changed, session, cancellationToken).ConfigureAwait(false);
        var settled = changed.Where(update => update.SettledAt is not null).ToList();
        if (settled.Count > 0)
        {
            var rollouts = await endpoints.GetSendEndpoint(RolloutAddress.Queue).ConfigureAwait(false);
            foreach (var rollout in settled.Select(update => update.RolloutId).Distinct())
                await rollouts.Send(new RolloutProgressed(rollout), cancellationToken).ConfigureAwait(false);
        }

        return settled;
    }

    // An event that breaks a rule has no effect here either; who applies events puts it aside.
    private static bool Counts(in TopicMessage<SensorEvent> message) =>
        RolloutEventDeserializer.Concerns(message.Message) && EventRules.Violation(message.Message, message.Timestamp) is null;
}
