using System.Collections.Concurrent;
using IotBus.Kafka;
using IotBus.Messages;
using IotBus.MongoDb;
using IotBus.Persistence;
using Microsoft.Extensions.Options;

namespace IotBus.Processors.Events;

/// <summary>The effects of a batch that one transaction can hold: its partition's progress, the inbox, the rollups and the device states.</summary>
internal sealed class BatchTransaction(
    MongoClient client,
    MongoDatabase database,
    ProgressCollection progressCollection,
    InboxCollection inbox,
    IOptions<TopicOptions> topics,
    TimeProvider time)
{
    // A commit whose result is unknown must not let the body run again: only the progress, read anew, tells whether it was applied.
    private static readonly TransactionOptions Options = new() { RunAgainAfterUnknownCommit = false, TimeLimit = TimeSpan.FromSeconds(10) };

    // The server's sessions are used again and again, so there are never more of them than there were transactions at one time.
    private readonly ConcurrentDictionary<Guid, byte> _sessions = new();
    private readonly RollupCollection _rollups = new(database);
    private readonly DeviceCollection _devices = new(database);

    /// <summary>Whether a session is of this process, and so leaves no transaction open.</summary>
    public bool IsOwn(Guid session) => _sessions.ContainsKey(session);

    /// <summary>Commits the effects and moves the partition's progress to the batch's end.</summary>
    /// <returns>The events that were new; the others were repeats.</returns>
    /// <exception cref="PartitionFencedException">Another consumer has moved the progress; nothing was applied.</exception>
    /// <exception cref="MongoException">The store failed. Whether it was applied, the progress tells when it is read anew.</exception>
    public async Task<List<StoredEvent>> CommitAsync(
        TopicBatch<SensorEvent> batch,
        PartitionProgress progress,
        List<StoredEvent> fresh,
        CancellationToken cancellationToken)
    {
        var distinct = WithoutRepeats(fresh);
        if (progress.ExpectDuplicates)
            distinct = await WithoutKnownAsync(distinct, cancellationToken).ConfigureAwait(false);

        try
        {
            await RunTransactionAsync(batch, progress, distinct, cancellationToken).ConfigureAwait(false);
        }
        catch (MongoException exception) when (exception.IsDuplicateKey)
        {
            // Some were sent before. Nothing of the transaction was applied; without them it goes through.
            distinct = await WithoutKnownAsync(distinct, cancellationToken).ConfigureAwait(false);
            await RunTransactionAsync(batch, progress, distinct, cancellationToken).ConfigureAwait(false);
        }

        progress.ExpectDuplicates = distinct.Count < fresh.Count;
        progress.Applied = batch.LastOffset;
        return distinct;
    }

    private async Task RunTransactionAsync(
        TopicBatch<SensorEvent> batch,
        PartitionProgress progress,
        List<StoredEvent> events,
        CancellationToken cancellationToken)
    {
        var rollups = new RollupBatch();
        var states = new DeviceStateBatch();
        foreach (var stored in events)
        {
            rollups.Add(stored);
            states.Add(stored.Event);
        }

        var stream = batch.Topic == topics.Value.Alerts.Name ? DeviceStreams.Alerts : DeviceStreams.Telemetry;
        var session = await client.StartSessionAsync(cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            if (progress.Session != session.Id)
            {
                _sessions.TryAdd(session.Id, default);
                await progressCollection.ClaimAsync(batch.Assignment, session.Id, cancellationToken).ConfigureAwait(false);
                progress.Session = session.Id;
            }

            await session.WithTransactionAsync(
                async (transaction, token) =>
                {
                    // First, since it decides whether this consumer may do the rest.
                    await progressCollection.AdvanceAsync(transaction, batch.Assignment, progress, batch.LastOffset, token).ConfigureAwait(false);
                    FaultPoint.Reach("batch: after progress");
                    if (events.Count == 0)
                        return 0;

                    await inbox.InsertAsync(transaction, batch.Assignment, events, time.GetUtcNow(), token).ConfigureAwait(false);
                    FaultPoint.Reach("batch: after inbox");
                    await _rollups.AddAsync(transaction, batch.Assignment, rollups, token).ConfigureAwait(false);
                    FaultPoint.Reach("batch: after rollups");
                    await _devices.AdvanceAsync(transaction, stream, states, token).ConfigureAwait(false);
                    FaultPoint.Reach("batch: after devices, before commit");
                    return events.Count;
                },
                Options,
                cancellationToken).ConfigureAwait(false);
        }
    }

    private static List<StoredEvent> WithoutRepeats(List<StoredEvent> events)
    {
        var seen = new HashSet<Guid>(events.Count);
        return events.FindAll(stored => seen.Add(stored.Event.EventId));
    }

    private async Task<List<StoredEvent>> WithoutKnownAsync(List<StoredEvent> events, CancellationToken cancellationToken)
    {
        var known = await inbox.KnownAsync(events, cancellationToken).ConfigureAwait(false);
        return events.FindAll(stored => !known.Contains(stored.Event.EventId));
    }
}
