using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Writes messages to topics in memory, and refuses what production would. Thread-safe.</summary>
internal sealed class InMemoryProducer(InMemoryKafka kafka, int maxMessageBytes) : IRecordProducer
{
    public int Queued => 0;

    public Task Produce(string topic, Message<byte[], byte[]> message, bool deadLetter = false, Partition? partition = null)
    {
        var started = ProduceMetrics.Start();
        var (destination, place) = (kafka.Topic(topic), partition ?? Partition.Any);
        if (Refusal(destination, message, deadLetter, place) is { } refusal)
        {
            ProduceMetrics.Failure(topic, refusal.Failure);
            return Task.FromException(refusal);
        }

        destination.Append(message, place);
        ProduceMetrics.Acknowledged(topic, started);
        return Task.CompletedTask;
    }

    public Task Produce(string topic, RecordBuffer record) => Produce(topic, record.ToMessage());

    public Task CheckAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        // Nothing waits, and the topics are not its own.
    }

    private TopicProduceException? Refusal(InMemoryTopic topic, Message<byte[], byte[]> message, bool deadLetter, Partition partition)
    {
        if (topic.ProduceFailure is { } failure)
            return Failure(topic.Name, failure, CodeOf(failure), $"the test has '{topic.Name}' fail with {failure}");

        if (!deadLetter && RecordSize.Of(message) > maxMessageBytes)
            return Failure(topic.Name, ProduceFailure.Refused, ErrorCode.MsgSizeTooLarge, $"it has more than {maxMessageBytes:N0} bytes");

        return partition != Partition.Any && partition.Value >= topic.Partitions
            ? Failure(topic.Name, ProduceFailure.Refused, ErrorCode.Local_UnknownPartition, $"there are {topic.Partitions} partitions, and none is {partition.Value}")
            : null;
    }

    // With a reason of its own the error needs no client that knows one.
    private static TopicProduceException Failure(string topic, ProduceFailure failure, ErrorCode code, string reason) =>
        new(topic, failure, $"A message for '{topic}' in memory was not taken: {reason}.", new KafkaException(new Error(code, reason)));

    private static ErrorCode CodeOf(ProduceFailure failure) => failure switch
    {
        ProduceFailure.QueueFull or ProduceFailure.BacklogFull => ErrorCode.Local_QueueFull,
        ProduceFailure.NotAcknowledged => ErrorCode.Local_MsgTimedOut,
        _ => ErrorCode.TopicAuthorizationFailed,
    };
}
