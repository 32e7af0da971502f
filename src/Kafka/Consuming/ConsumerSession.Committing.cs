using System.Diagnostics;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <content>When offsets are committed, and who is told.</content>
internal sealed partial class ConsumerSession
{
    private readonly Lock _telling = new();
    private long _nextFlush;
    private long _storedSince;
    private int _uncommitted;
    private Task _committing = Task.CompletedTask;

    /// <summary>Hands the client what was applied. It commits that at its interval, or now when there is much of it.</summary>
    private void Flush()
    {
        _nextFlush = Environment.TickCount64 + FlushMilliseconds;
        foreach (var (_, worker) in _workers)
            worker.Flush();

        if (Volatile.Read(ref _uncommitted) < _definition.CheckpointMessageCount || !_committing.IsCompleted)
            return;

        Interlocked.Exchange(ref _uncommitted, 0);

        // It waits for the broker's answer, and polling must not.
        _committing = Task.Run(CommitStored);
    }

    private void CommitStored()
    {
        try
        {
            Committed(_consumer.Commit());
        }
        catch (Exception exception) when (exception is KafkaException or ObjectDisposedException)
        {
            // The client's own commits say what is wrong, once.
            LogNotCheckpointed(Logger, Name, exception.Message);
            if (exception is KafkaException failure)
                TellNotCommitted(failure, OffsetsOf(_workers.Values));
        }
    }

    /// <summary>What the workers have stored.</summary>
    private static List<TopicPartitionOffset> OffsetsOf(IEnumerable<PartitionWorker> workers) =>
        [.. workers.Where(worker => worker.Stored).Select(worker => new TopicPartitionOffset(worker.Partition, worker.Position))];

    /// <summary>The client tells only of its own commits. One that had nothing to commit was none.</summary>
    private void TellNotCommitted(KafkaException failure, List<TopicPartitionOffset> offsets)
    {
        if (failure.Error.Code == ErrorCode.Local_NoOffset)
            return;

        var results = failure is TopicPartitionOffsetException partly
            ? partly.Results
            : [.. offsets.Select(offset => new TopicPartitionOffsetError(offset, failure.Error))];
        Tell(_definition.OffsetsCommitted, new CommittedOffsets(results, failure.Error));
    }

    /// <summary>The client tells only of what it committed by itself.</summary>
    private void Committed(IEnumerable<TopicPartitionOffset> offsets) => Committed(new CommittedOffsets(
        [.. offsets.Select(offset => new TopicPartitionOffsetError(offset, new Error(ErrorCode.NoError)))], new Error(ErrorCode.NoError)));

    private void Committed(CommittedOffsets committed)
    {
        var error = committed.Error.IsError
            ? committed.Error
            : committed.Offsets.Select(offset => offset.Error).FirstOrDefault(partition => partition.IsError) ?? committed.Error;

        // Nothing to commit, and a commit that a rebalance got ahead of, are no failures.
        if (!error.IsError)
        {
            _endpoint.Commits.Over();
            Interlocked.Exchange(ref _uncommitted, 0);
            if (Interlocked.Exchange(ref _storedSince, 0) is > 0 and var since)
                KafkaMetrics.CommitTook(_definition.Group, Stopwatch.GetElapsedTime(since));

            foreach (var offset in committed.Offsets)
            {
                if (!offset.Offset.IsSpecial)
                    _endpoint.HasBegun(offset.TopicPartition);
            }
        }
        else if (error.Code is not (ErrorCode.Local_NoOffset or ErrorCode.RebalanceInProgress or ErrorCode.IllegalGeneration))
            _endpoint.Commits.Report(error.Code.ToString(), $"Offsets were not committed: {error.Reason} ({error.Code}).");

        Tell(_definition.OffsetsCommitted, committed);
    }

    /// <summary>What the application does with it must not end the session.</summary>
    private void Tell<T>(Action<T>? handler, T what)
    {
        if (handler is null)
            return;

        try
        {
            lock (_telling)
                handler(what);
        }
        catch (Exception exception)
        {
            LogHandlerFailed(Logger, Name, typeof(T).Name, exception);
        }
    }
}
