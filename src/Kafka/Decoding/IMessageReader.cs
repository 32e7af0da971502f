using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Turns what came from Kafka into messages. Thread-safe.</summary>
internal interface IMessageReader<T>
    where T : class
{
    /// <summary>Whether it makes messages of null values as well.</summary>
    bool ReadsNull { get; }

    /// <exception cref="UndecodableException">It cannot be read, whatever the reason.</exception>
    TopicMessage<T> Decode(string topic, ConsumeResult<byte[], byte[]> result);
}
