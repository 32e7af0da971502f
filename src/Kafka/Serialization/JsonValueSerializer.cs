using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>A producer's JSON as a serializer, for where filters and pipes may put another in its place.</summary>
internal sealed class JsonValueSerializer<T>(JsonValueWriter json) : ISerializer<T>
    where T : class
{
    public byte[] Serialize(T data, SerializationContext context) => JsonValueWriter.Write(data, json.BindingFor(data.GetType()));
}
