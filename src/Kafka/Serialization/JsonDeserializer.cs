using System.Text.Json;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Reads raw JSON with MassTransit's options. No bytes are the default of the type.</summary>
internal sealed class JsonDeserializer<T> : IDeserializer<T>
{
    public T Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
        isNull ? default! : JsonSerializer.Deserialize<T>(data, CompactJson.Options)!;
}
