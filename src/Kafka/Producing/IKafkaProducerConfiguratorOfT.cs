using System.Text.Json;
using System.Text.Json.Serialization;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Configures a producer of one type to one topic.</summary>
/// <typeparam name="TKey">The type of the key.</typeparam>
/// <typeparam name="T">The type of the message, or a base of the types on the topic.</typeparam>
public interface IKafkaProducerConfigurator<TKey, T> : IKafkaProducerConfigurator
    where T : class
{
    /// <summary>
    /// Takes the message's identifier from the message itself, so that producing it again has the same one. A new one each time otherwise.
    /// </summary>
    void MessageId(Func<T, Guid> messageId);

    /// <summary>
    /// Takes the correlation identifier from the message. Otherwise MassTransit's conventions apply: <c>CorrelatedBy&lt;Guid&gt;</c>, a
    /// property <c>CorrelationId</c>, <c>EventId</c> or <c>CommandId</c>, or what the send topology says.
    /// </summary>
    void CorrelationId(Func<T, Guid?> correlationId);

    /// <summary>
    /// Writes values with a source-generated context, which must know every type that is produced. MassTransit's own options otherwise.
    /// </summary>
    void UseJson(JsonSerializerContext context);

    /// <summary>Writes values with these options.</summary>
    void UseJson(JsonSerializerOptions options);

    /// <summary>Makes the key's bytes. By default as <see cref="DefaultKafkaSerializerFactory"/> tells.</summary>
    void SerializeKey(Func<TKey, byte[]?> serialize);

    /// <summary>Writes keys, in place of the rider's serializer of the type. Thread-safe.</summary>
    void SetKeySerializer(IAsyncSerializer<TKey> serializer);

    /// <summary>Writes values, in place of JSON. Thread-safe.</summary>
    void SetValueSerializer(IAsyncSerializer<T> serializer);
}
