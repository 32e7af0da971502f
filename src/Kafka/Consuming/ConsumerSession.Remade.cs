using System.Collections.Concurrent;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <content>
/// Topics that were deleted and made again under their assignments. When the new one is shorter than what was consumed, the client begins it
/// again by itself; when it is longer already, the client goes on at the old offset without a word, and would skip what lies below.
/// </content>
internal sealed partial class ConsumerSession
{
    private static readonly TimeSpan RemadeCheckInterval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<PartitionWorker> _remade = new();
    private Task _remadeCheck = Task.CompletedTask;
    private long _nextRemadeCheck;

    /// <summary>Offsets went backwards: what comes is another partition for who consumes it, and begins with the offset that came.</summary>
    private PartitionWorker Renew(PartitionWorker behind, TopicPartitionOffset first)
    {
        LogRenewed(Logger, Name, first.Topic, first.Partition.Value, first.Offset.Value, behind.LastOffset);
        Remove([behind]);

        // The client commits forward only: without this, a restart would skip what lies below the offset that the old topic had reached.
        Commit([first]);
        return Begin(first.TopicPartition, behind.Running);
    }

    private void RenewRemade()
    {
        while (_remade.TryDequeue(out var worker))
        {
            if (!_workers.TryGetValue(worker.Partition, out var current) || current != worker)
                continue;

            try
            {
                _consumer.Seek(new TopicPartitionOffset(worker.Partition, Offset.Beginning));
                Renew(worker, new TopicPartitionOffset(worker.Partition, 0));
            }
            catch (KafkaException exception)
            {
                // The next check finds it again.
                LogNotRenewed(Logger, Name, worker.Partition.Topic, worker.Partition.Partition.Value, exception.Error.Reason);
            }
        }

        if (_remadeCheck.IsCompleted && Environment.TickCount64 >= _nextRemadeCheck)
        {
            _nextRemadeCheck = Environment.TickCount64 + (long)RemadeCheckInterval.TotalMilliseconds;
            _remadeCheck = FindRemadeAsync();
        }
    }

    private async Task FindRemadeAsync()
    {
        foreach (var topic in _workers.Values.Where(worker => worker.TopicId is not null).GroupBy(worker => worker.Partition.Topic))
        {
            try
            {
                var id = await _questions.TopicIdAsync(topic.Key, CancellationToken.None).ConfigureAwait(false);
                foreach (var worker in topic.Where(worker => id is not null && worker.TopicId != id))
                    _remade.Enqueue(worker);
            }
            catch (Exception exception)
            {
                // The broker is away, the topic is gone, or the session ends: the client tells the first two, and the next check asks again.
                LogTopicNotChecked(Logger, Name, topic.Key, exception.Message);
            }
        }
    }
}
