using System.Net.Mime;
using Confluent.Kafka;
using MassTransit.Serialization;

namespace IotBus.Kafka;

/// <summary>
/// Strings as UTF-8, integers and floating-point numbers big-endian, bytes as they are, as Confluent's serializers have it; everything else as raw
/// JSON with MassTransit's options. A GUID is JSON too, 36 characters between quotes; without the quotes it is read as well.
/// </summary>
public sealed class DefaultKafkaSerializerFactory : IKafkaSerializerFactory
{
    /// <summary><c>application/json</c>.</summary>
    public ContentType ContentType => SystemTextJsonRawMessageSerializer.JsonContentType;

    /// <inheritdoc/>
    public IDeserializer<T> GetDeserializer<T>() => DefaultDeserializers.Find<T>() ?? new JsonDeserializer<T>();

    /// <inheritdoc/>
    public IAsyncSerializer<T> GetSerializer<T>() => DefaultSerializers.Find<T>()?.AsAsyncOverSync() ?? new JsonSerializerOf<T>().AsAsyncOverSync();
}
