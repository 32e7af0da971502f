using System.Globalization;
using System.Text;
using Confluent.Kafka;
using IotBus.Kafka;

namespace IotBus.DevHost.Tests.DeadLetters;

/// <summary>Puts messages on a broker from outside, and letters as the rider writes them.</summary>
internal sealed class LetterBox(string bootstrapServers) : IDisposable
{
    private readonly IProducer<byte[], byte[]> _producer = Create(bootstrapServers);

    public Task<DeliveryResult<byte[], byte[]>> SendAsync(string topic, byte[] value, string? key = null, params (string Name, string Value)[] headers)
    {
        Headers all = [];
        foreach (var (name, text) in headers)
            all.Add(name, Encoding.UTF8.GetBytes(text));

        return _producer.ProduceAsync(
            new TopicPartition(topic, key is null ? 0 : Partition.Any),
            new Message<byte[], byte[]> { Key = key is null ? null! : Encoding.UTF8.GetBytes(key), Value = value, Headers = all });
    }

    /// <summary>A letter in a topic's dead-letter topic.</summary>
    public Task<DeliveryResult<byte[], byte[]>> PutAsync(string topic, string value, string reason, string? key = null, params (string Name, string Value)[] headers)
    {
        var time = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        return SendAsync(topic + ".dlq", Encoding.UTF8.GetBytes(value), key,
        [
            .. headers,
            (DeadLetterHeaders.Reason, reason),
            (DeadLetterHeaders.ExceptionType, "A.B.RejectedException"),
            (DeadLetterHeaders.ExceptionMessage, "It was rejected."),
            (DeadLetterHeaders.Topic, topic),
            (DeadLetterHeaders.Partition, "0"),
            (DeadLetterHeaders.Offset, "0"),
            (DeadLetterHeaders.Attempts, "3"),
            (DeadLetterHeaders.FirstFailure, time),
            (DeadLetterHeaders.LastFailure, time),
        ]);
    }

    public void Dispose() => _producer.Dispose();

    private static IProducer<byte[], byte[]> Create(string bootstrapServers)
    {
        Librdkafka.EnsureLoaded();
        return new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = bootstrapServers, Partitioner = Partitioner.Murmur2Random })
            .SetLogHandler((_, _) => { })
            .Build();
    }
}
