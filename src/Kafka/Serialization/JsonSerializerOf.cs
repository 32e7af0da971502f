using System.Text.Json;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Writes raw JSON with MassTransit's options, by the runtime type. Null is no bytes: a message without key or value.</summary>
internal sealed class JsonSerializerOf<T> : ISerializer<T>
{
    public byte[] Serialize(T data, SerializationContext context) =>
        data is null ? null! : JsonSerializer.SerializeToUtf8Bytes(data, RuntimeTypes.Of<T>(data), CompactJson.Options);
}
