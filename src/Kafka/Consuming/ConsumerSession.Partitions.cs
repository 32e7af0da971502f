using Confluent.Kafka;

namespace IotBus.Kafka;

/// <content>Which partitions the session has, and how it takes and gives them.</content>
internal sealed partial class ConsumerSession
{
    /// <returns>Where the client begins with them.</returns>
    private List<TopicPartitionOffset> Assigned(List<TopicPartition> partitions)
    {
        _endpoint.Clock.Answered(TimeSpan.Zero);
        List<TopicPartitionOffset> begins = [];
        foreach (var partition in partitions)
        {
            var begin = new Offset(_endpoint.BeginOf(partition) ?? Offset.Unset.Value);
            begins.Add(new TopicPartitionOffset(partition, begin));
            var worker = Begin(partition, Task.CompletedTask);
            if (!begin.IsSpecial)
                worker.BeginsAt(begin);
        }

        if (partitions.Count > 0)
            _endpoint.Subscription.Over();

        KafkaMetrics.Rebalanced(_definition.Group, "assigned");
        LogAssigned(Logger, Name, new PartitionNames(partitions));
        return begins;
    }

    /// <summary>The partitions go to other members in good order: what is in flight has ended and is committed when this returns.</summary>
    private void Revoked(List<TopicPartitionOffset> partitions)
    {
        var workers = WorkersOf(partitions);
        try
        {
            Drain(workers, pollMeanwhile: false);

            // The client commits what it has been handed once more when this returns: an older offset would take the newer back.
            foreach (var worker in workers)
                worker.Flush();

            Commit(workers);
        }
        finally
        {
            Remove(workers);
        }

        KafkaMetrics.Rebalanced(_definition.Group, "revoked");
        LogRevoked(Logger, Name, new PartitionNames(partitions));
    }

    /// <summary>Other members may have the partitions already.</summary>
    private void LostAll(List<TopicPartitionOffset> partitions)
    {
        Remove(WorkersOf(partitions));
        KafkaMetrics.Rebalanced(_definition.Group, "lost");
        LogLost(Logger, Name, new PartitionNames(partitions));
    }

    private PartitionWorker Begin(TopicPartition partition, Task after)
    {
        var worker = _endpoint.CreateWorker(this, partition);
        _workers[partition] = worker;
        worker.Start(after);
        return worker;
    }

    private PartitionWorker[] WorkersOf(List<TopicPartitionOffset> partitions) =>
        [.. partitions.Select(partition => _workers.GetValueOrDefault(partition.TopicPartition)).OfType<PartitionWorker>()];

    private void Remove(PartitionWorker[] workers)
    {
        foreach (var worker in workers)
        {
            worker.End();
            _workers.TryRemove(worker.Partition, out _);

            // The client remembers the pause beyond the assignment: a partition that came back would stay silent.
            if (_paused.Remove(worker))
                _consumer.Resume([worker.Partition]);
        }

        _last = null;
    }

    /// <summary>
    /// The client commits too when it gives partitions away, but does not wait for the answer before it joins again; and a commit that
    /// arrives after that is refused.
    /// </summary>
    private void Commit(PartitionWorker[] workers) => Commit(OffsetsOf(workers));

    private void Commit(List<TopicPartitionOffset> offsets)
    {
        // Without a broker it would wait for the length of a session.
        if (offsets.Count == 0 || _endpoint.Connection.Current is not null)
            return;

        try
        {
            _consumer.Commit(offsets);
            Committed(offsets);
        }
        catch (KafkaException exception)
        {
            LogNotCommitted(Logger, Name, exception.Error.Reason);
            TellNotCommitted(exception, offsets);
        }
    }
}
