using Confluent.Kafka;
using Confluent.Kafka.Admin;
using IotBus.Kafka;

namespace IotBus.Bench.Soak;

/// <summary>Asks the broker what groups have committed of a topic, and whether it still has the rest. Not thread-safe.</summary>
internal sealed class GroupOffsets : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly IAdminClient _admin;
    private readonly IConsumer<Ignore, Ignore> _consumer;
    private readonly List<TopicPartition> _partitions;

    public GroupOffsets(string bootstrapServers, string topic, int partitions)
    {
        Librdkafka.EnsureLoaded();
        _partitions = [.. Enumerable.Range(0, partitions).Select(partition => new TopicPartition(topic, partition))];
        _admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
        _consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = "soak-offsets" }).Build();
    }

    /// <summary>The offsets behind what the group has committed, by partition; 0 where it has committed nothing.</summary>
    public async Task<long[]> CommittedAsync(string group)
    {
        var answers = await _admin.ListConsumerGroupOffsetsAsync(
            [new ConsumerGroupTopicPartitions(group, _partitions)], new ListConsumerGroupOffsetsOptions { RequestTimeout = Patience });
        var offsets = new long[_partitions.Count];
        foreach (var answer in answers[0].Partitions)
            offsets[answer.Partition.Value] = Math.Max(answer.Offset.Value, 0);

        return offsets;
    }

    /// <exception cref="BenchException">The broker has dropped messages that a group still needs.</exception>
    public void RequireKept(IReadOnlyList<long> needed)
    {
        foreach (var partition in _partitions)
        {
            var low = _consumer.QueryWatermarkOffsets(partition, Patience).Low.Value;
            if (low > needed[partition.Partition.Value])
                throw new BenchException($"{partition} begins at {low}, and offset {needed[partition.Partition.Value]} is not committed yet: the broker kept too little.");
        }
    }

    public void Dispose()
    {
        _consumer.Dispose();
        _admin.Dispose();
    }
}
