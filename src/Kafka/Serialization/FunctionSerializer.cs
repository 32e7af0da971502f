using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>A function as a serializer.</summary>
internal sealed class FunctionSerializer<T>(Func<T, byte[]?> serialize) : ISerializer<T>
{
    public byte[] Serialize(T data, SerializationContext context) => serialize(data)!;
}
