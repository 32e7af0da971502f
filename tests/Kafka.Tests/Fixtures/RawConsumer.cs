using Confluent.Kafka;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

/// <summary>Reads a topic with Confluent's client, without a group: what is really there.</summary>
internal static class RawConsumer
{
    /// <summary>Everything that the topic holds, once it is at least <paramref name="count"/> messages.</summary>
    public static List<ConsumeResult<byte[], byte[]>> Read(KafkaServer kafka, string topic, int count = 0)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = kafka.BootstrapServers,
            GroupId = "unused",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
        }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics[0].Partitions.Count;
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));

        List<ConsumeResult<byte[], byte[]>> messages = [];
        HashSet<int> ended = [];
        using var deadline = new CancellationTokenSource(Eventually.DefaultDeadline);
        while (ended.Count < partitions || messages.Count < count)
        {
            var result = consumer.Consume(deadline.Token);
            if (result.IsPartitionEOF)
                ended.Add(result.Partition);
            else
                messages.Add(result);
        }

        return messages;
    }
}
