using IotBus.Kafka;
using IotBus.Messages;
using IotBus.MongoDb;
using IotBus.Persistence;
using IotBus.Processors.Decommissioning;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IotBus.Processors.Events;

/// <summary>
/// Applies batches to MongoDB so that each event has its effects exactly once, whatever dies in between. Time series take no part in transactions, so the
/// order of steps carries the guarantee: what an earlier consumer may have left undone is filled in, one transaction moves the progress together with
/// all other effects, then the series gets the events, and only then do the offsets move. See docs/exactly-once.md.
/// </summary>
internal sealed partial class SensorEventStore
{
    /// <summary>Why the events of a device that is out of service are put aside.</summary>
    public const string DecommissionedReason = "device_decommissioned";

    private readonly ProgressCollection _progress;
    private readonly InboxCollection _inbox;
    private readonly BatchTransaction _transaction;
    private readonly SeriesCollection _series;
    private readonly ProcessingOptions _options;
    private readonly DecommissionedDevices _decommissioned;
    private readonly ProcessingMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<SensorEventStore> _logger;

    public SensorEventStore(
        MongoClient client,
        MongoDatabase database,
        IOptions<ProcessingOptions> options,
        IOptions<TopicOptions> topics,
        DecommissionedDevices decommissioned,
        ProcessingMetrics metrics,
        TimeProvider time,
        ILogger<SensorEventStore> logger)
    {
        _options = options.Value;
        _decommissioned = decommissioned;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _progress = new ProgressCollection(database, _options.Group);
        _inbox = new InboxCollection(database, _options.Group);
        _transaction = new BatchTransaction(client, database, _progress, _inbox, topics, time);
        _series = new SeriesCollection(database);
    }

    /// <summary>Called at each step; a test dies there.</summary>
    internal Action<ApplyStep> Reached { get; set; } = static _ => { };

    /// <summary>Applies a batch. When it returns, all of its events are in the store, each exactly once, and its offsets may be committed.</summary>
    /// <exception cref="MongoException">The store failed; nothing is lost or doubled when the batch comes again.</exception>
    /// <exception cref="PartitionFencedException">The partition has, or may have, another consumer.</exception>
    /// <exception cref="TopicProduceException">A rejected event could not be put on the dead-letter topic.</exception>
    public async Task ApplyAsync(TopicBatch<SensorEvent> batch, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        await _decommissioned.EnsureFreshAsync(cancellationToken).ConfigureAwait(false);
        var assignment = batch.Assignment;
        var progress = assignment.State as PartitionProgress ?? await LoadAsync(batch, cancellationToken).ConfigureAwait(false);
        assignment.State = null;
        var fresh = new List<StoredEvent>(batch.Messages.Count);
        List<StoredEvent>? unsure = null;
        foreach (var message in batch.Messages)
        {
            if (message.Offset <= progress.Complete)
                continue;

            if (EventRules.Violation(message.Message, message.Timestamp) is { } reason)
            {
                // Before the transaction: once the progress has moved past it, no delivery would bring it here again.
                if (message.Offset > progress.Applied)
                    await batch.DeadLetterAsync(message, reason, null, cancellationToken).ConfigureAwait(false);
            }
            else if (message.Offset > progress.Applied && _decommissioned.Contains(message.Message.DeviceId))
            {
                await batch.DeadLetterAsync(message, DecommissionedReason, null, cancellationToken).ConfigureAwait(false);
            }
            else if (message.Offset > progress.Applied)
            {
                fresh.Add(new StoredEvent(message));
            }
            else
            {
                (unsure ??= []).Add(new StoredEvent(message));
            }
        }

        if (unsure is not null)
            await FillInAsync(batch, progress, unsure, cancellationToken).ConfigureAwait(false);

        if (batch.LastOffset > progress.Applied)
        {
            Reach(ApplyStep.BeforeTransaction);
            progress.Complete = progress.Applied;
            var lease = new PartitionLease(assignment, _time);
            var applied = await CommitAsync(batch, progress, fresh, cancellationToken).ConfigureAwait(false);
            _metrics.Committed(applied, fresh.Count - applied.Count, _time.GetUtcNow());
            Reach(ApplyStep.BeforeSeries);
            lease.ThrowIfExpired();
            await _series.InsertAsync(applied, InsertTimeout(assignment), cancellationToken).ConfigureAwait(false);
            _metrics.Took(_time.GetElapsedTime(started));
        }

        Reach(ApplyStep.BeforeOffsets);
        progress.Complete = Math.Max(progress.Complete, batch.LastOffset);
        assignment.State = progress;
    }

    private void Reach(ApplyStep step)
    {
        FaultPoint.Reach($"batch: {step}");
        Reached(step);
    }

    private async Task<List<StoredEvent>> CommitAsync(
        TopicBatch<SensorEvent> batch,
        PartitionProgress progress,
        List<StoredEvent> fresh,
        CancellationToken cancellationToken)
    {
        try
        {
            return await _transaction.CommitAsync(batch, progress, fresh, cancellationToken).ConfigureAwait(false);
        }
        catch (PartitionFencedException)
        {
            batch.Assignment.State = Fenced.Instance;
            throw;
        }
    }

    private async Task<PartitionProgress> LoadAsync(TopicBatch<SensorEvent> batch, CancellationToken cancellationToken)
    {
        var assignment = batch.Assignment;
        var settle = InsertTimeout(assignment);

        // A predecessor may be alive where this one was fenced, and where a static member came back under its name before the session of the old one ended.
        if (assignment.State is Fenced || _options.InstanceId is not null)
            settle += PartitionLease.Duration(assignment);

        var document = await _progress.FindAsync(assignment, cancellationToken).ConfigureAwait(false);
        if (document?.Session is { } session && !_transaction.IsOwn(session))
        {
            // It may have committed just before it ended.
            await _progress.EndSessionAsync(session, cancellationToken).ConfigureAwait(false);
            document = await _progress.FindAsync(assignment, cancellationToken).ConfigureAwait(false);
        }

        if (document is { } stale && await IsOfAnotherTopicAsync(batch, stale, cancellationToken).ConfigureAwait(false))
        {
            await _progress.RestartAsync(assignment, stale, cancellationToken).ConfigureAwait(false);
            document = stale with { Applied = -1, Stored = -1 };
        }

        var applied = document?.Applied ?? -1;
        return new PartitionProgress
        {
            Session = document?.Session,
            Applied = applied,

            // Offsets are committed only for what is complete, so what lies below the first one delivered is.
            Complete = Math.Max(document?.Stored ?? -1, Math.Min(batch.FirstOffset - 1, applied)),

            // As long again: an insert may be sent at the end of its time, and then run for as long on the server.
            SettledAt = _time.GetTimestamp() + (long)((settle + InsertTimeout(assignment)).TotalSeconds * _time.TimestampFrequency),
        };
    }

    // Offsets of a topic that was deleted and made again, or that lost its end, mean other events than the ones that were applied.
    private async Task<bool> IsOfAnotherTopicAsync(TopicBatch<SensorEvent> batch, ProgressDocument progress, CancellationToken cancellationToken)
    {
        var assignment = batch.Assignment;
        var end = Math.Max(assignment.EndOffset, batch.LastOffset + 1);
        if (!progress.IsOfAnotherTopic(assignment))
        {
            if (progress.Applied < end)
                return false;

            // The end known from the assignment may be old by now; only one asked for after the progress was read can be held against it.
            end = await assignment.QueryEndOffsetAsync(cancellationToken).ConfigureAwait(false);
            if (progress.Applied < end)
                return false;
        }

        LogTopicMadeAgain(assignment.Topic, assignment.Partition, progress.TopicId, progress.Applied, assignment.TopicId, end);
        return true;
    }

    // Events whose transaction committed but whose insert into the series may not have happened.
    private async Task FillInAsync(
        TopicBatch<SensorEvent> batch,
        PartitionProgress progress,
        List<StoredEvent> unsure,
        CancellationToken cancellationToken)
    {
        var own = await _inbox.BroughtByAsync(batch.Assignment, unsure, cancellationToken).ConfigureAwait(false);
        var lease = new PartitionLease(batch.Assignment, _time);
        var missing = await _series.MissingAsync(own, cancellationToken).ConfigureAwait(false);
        if (missing.Count == 0)
        {
            // What was found may not be on a majority yet. A majority write behind it is, and so is then all that came before it.
            await _progress.ClaimAsync(batch.Assignment, progress.Session.GetValueOrDefault(), cancellationToken).ConfigureAwait(false);
            return;
        }

        var settles = _time.GetElapsedTime(_time.GetTimestamp(), progress.SettledAt);
        if (settles > TimeSpan.Zero)
        {
            await Task.Delay(settles, _time, cancellationToken).ConfigureAwait(false);
            lease = new PartitionLease(batch.Assignment, _time);
            missing = await _series.MissingAsync(missing, cancellationToken).ConfigureAwait(false);
        }

        lease.ThrowIfExpired();
        await _series.InsertAsync(missing, InsertTimeout(batch.Assignment), cancellationToken).ConfigureAwait(false);
        LogFilledIn(batch.Topic, batch.Partition, missing.Count);
    }

    private TimeSpan InsertTimeout(TopicAssignment assignment)
    {
        var quarter = assignment.SessionTimeout / 4;
        return _options.InsertTimeout < quarter ? _options.InsertTimeout : quarter;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Topic}[{Partition}] is not the topic it was: the progress is of topic {OldTopicId} up to offset "
        + "{Applied}, the broker has topic {TopicId} up to offset {EndOffset}. Its progress starts anew; nothing is skipped.")]
    private partial void LogTopicMadeAgain(string topic, int partition, string? oldTopicId, long applied, string? topicId, long endOffset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Topic}[{Partition}]: an earlier consumer stopped before {Count} events were in the series; they are now.")]
    private partial void LogFilledIn(string topic, int partition, int count);

    // What an assignment's state is after another consumer moved its progress.
    private sealed class Fenced
    {
        public static Fenced Instance { get; } = new();
    }
}
