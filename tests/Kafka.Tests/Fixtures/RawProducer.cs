using System.Text;
using Confluent.Kafka;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

/// <summary>Produces any bytes with Confluent's client, as a foreign service would.</summary>
internal sealed class RawProducer(KafkaServer kafka) : IDisposable
{
    private readonly IProducer<byte[], byte[]> _producer =
        new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers, LingerMs = 1, MessageMaxBytes = 10_000_000 }).Build();

    public Task<DeliveryResult<byte[], byte[]>> ProduceAsync(string topic, string? value, int partition = 0, string? key = null, params (string Name, string Value)[] headers)
    {
        Headers all = [];
        foreach (var header in headers)
            all.Add(header.Name, Encoding.UTF8.GetBytes(header.Value));

        return _producer.ProduceAsync(new TopicPartition(topic, partition), new Message<byte[], byte[]>
        {
            Key = key is null ? null! : Encoding.UTF8.GetBytes(key),
            Value = value is null ? null! : Encoding.UTF8.GetBytes(value),
            Headers = all,
        });
    }

    public Task ProduceAsync(string topic, Message<byte[], byte[]> message) => _producer.ProduceAsync(topic, message);

    public Task ProduceAsync(string topic, byte[] value, Timestamp timestamp) =>
        _producer.ProduceAsync(topic, new Message<byte[], byte[]> { Value = value, Timestamp = timestamp });

    public void Dispose() => _producer.Dispose();
}
