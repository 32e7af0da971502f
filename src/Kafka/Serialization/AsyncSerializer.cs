using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>A serializer that has its bytes at once, for where one is asked for that may have to wait.</summary>
internal sealed class AsyncSerializer<T>(ISerializer<T> serializer) : IAsyncSerializer<T>
{
    /// <summary>What it stands for: called without a task where bytes are needed at once.</summary>
    public ISerializer<T> Serializer { get; } = serializer;

    public Task<byte[]> SerializeAsync(T data, SerializationContext context) => Task.FromResult(Serializer.Serialize(data, context));
}
