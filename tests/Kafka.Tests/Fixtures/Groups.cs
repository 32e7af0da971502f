using Confluent.Kafka;
using Confluent.Kafka.Admin;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

/// <summary>What the broker knows of consumer groups.</summary>
internal static class Groups
{
    /// <summary>The committed offset of a partition; null when there is none.</summary>
    public static async Task<long?> CommittedAsync(KafkaServer kafka, string group, string topic, int partition = 0)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.BootstrapServers }).Build();
        var offsets = await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(group, [new TopicPartition(topic, partition)])]);
        var offset = offsets[0].Partitions[0].Offset;
        return offset.IsSpecial ? null : offset.Value;
    }
}
