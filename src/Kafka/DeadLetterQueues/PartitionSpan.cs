using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>What is to be read of a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="First">The first offset.</param>
/// <param name="End">The offset after the last.</param>
internal readonly record struct PartitionSpan(TopicPartition Partition, long First, long End)
{
    public long Length => Math.Max(0, End - First);
}
