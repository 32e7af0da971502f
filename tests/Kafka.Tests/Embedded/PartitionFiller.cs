using Confluent.Kafka;
using IotBus.Kafka.Embedded;

namespace IotBus.Kafka.Tests;

/// <summary>Fills a partition with a known number of uncompressed bytes.</summary>
internal sealed class PartitionFiller(EmbeddedKafka kafka) : IDisposable
{
    private const int MessageBytes = 8 * 1024;

    private readonly IProducer<Null, byte[]> _producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
    {
        BootstrapServers = kafka.BootstrapServers,
        LingerMs = 5,
        BatchSize = 64 * 1024,
    }).Build();

    public Task ProduceAsync(string topic, int bytes) => Task.WhenAll(Enumerable.Range(0, bytes / MessageBytes)
        .Select(_ => _producer.ProduceAsync(new TopicPartition(topic, 0), new Message<Null, byte[]> { Value = new byte[MessageBytes] })));

    public long FirstOffsetKept(string topic)
    {
        using var consumer = new ConsumerBuilder<Null, byte[]>(new ConsumerConfig { BootstrapServers = kafka.BootstrapServers, GroupId = "unused" }).Build();
        return consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), TimeSpan.FromSeconds(10)).Low;
    }

    public void Dispose() => _producer.Dispose();
}
