using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Writes no value: a tombstone.</summary>
internal sealed class NullSerializer<T> : ISerializer<T>
{
    public static IAsyncSerializer<T> Instance { get; } = new NullSerializer<T>().AsAsyncOverSync();

    public byte[] Serialize(T data, SerializationContext context) => null!;
}
