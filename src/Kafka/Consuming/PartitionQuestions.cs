using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace IotBus.Kafka;

/// <summary>What a session asks the brokers about its partitions, over the consumer's own connections. Thread-safe.</summary>
internal sealed class PartitionQuestions(Handle consumer) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly IAdminClient _admin = new DependentAdminClientBuilder(consumer).Build();

    /// <summary>The offset that the partition's next message would get.</summary>
    /// <exception cref="KafkaException">The broker does not answer.</exception>
    public async Task<long> EndOffsetAsync(TopicPartition partition, CancellationToken cancellationToken)
    {
        var ends = await EndOffsetsAsync([partition]).WaitAsync(cancellationToken).ConfigureAwait(false);
        return ends[0].Offset;
    }

    /// <summary>The same for several partitions, in one round.</summary>
    /// <exception cref="KafkaException">The broker does not answer.</exception>
    public async Task<IReadOnlyList<TopicPartitionOffset>> EndOffsetsAsync(IEnumerable<TopicPartition> partitions)
    {
        var ends = await _admin.ListOffsetsAsync(
            partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = OffsetSpec.Latest() }),
            new ListOffsetsOptions { RequestTimeout = Timeout }).ConfigureAwait(false);
        return [.. ends.ResultInfos.Select(end => end.TopicPartitionOffsetError.TopicPartitionOffset)];
    }

    /// <summary>The topic's identifier; null where the broker does not tell it.</summary>
    /// <exception cref="KafkaException">The broker does not answer.</exception>
    public async Task<string?> TopicIdAsync(string topic, CancellationToken cancellationToken)
    {
        var topics = await _admin.DescribeTopicsAsync(
            TopicCollection.OfTopicNames([topic]),
            new DescribeTopicsOptions { RequestTimeout = Timeout }).WaitAsync(cancellationToken).ConfigureAwait(false);
        return TopicIds.Text(topics.TopicDescriptions[0].TopicId);
    }

    public void Dispose() => _admin.Dispose();
}
