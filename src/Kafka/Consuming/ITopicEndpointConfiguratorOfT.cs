using System.Text.Json;
using System.Text.Json.Serialization;
using Confluent.Kafka;
using MassTransit;

namespace IotBus.Kafka;

/// <summary>Configures how a group's member consumes topics.</summary>
/// <typeparam name="T">The type of the messages, or a base of the types on the topics.</typeparam>
public interface ITopicEndpointConfigurator<T> : ITopicEndpointConfigurator
    where T : class
{
    /// <summary>
    /// A type of message that the topics carry, told by the header <c>MT-MessageType</c> or, where that is missing, by the JSON member
    /// <see cref="JsonTypeMember"/>. If none is registered, every message is a <typeparamref name="T"/>.
    /// </summary>
    /// <param name="jsonType">The value of the JSON member for this type; null when only the header tells it.</param>
    void MessageType<TMessage>(string? jsonType = null)
        where TMessage : class, T;

    /// <summary>
    /// Reads values with a source-generated context, which must know every registered type. MassTransit's own options otherwise.
    /// </summary>
    void UseJson(JsonSerializerContext context);

    /// <summary>Reads values with these options.</summary>
    void UseJson(JsonSerializerOptions options);

    /// <summary>The top-level member of a message's JSON that tells its type. <c>type</c> by default.</summary>
    string JsonTypeMember { get; set; }

    /// <summary>
    /// Reads values in another form than JSON; neither types nor JSON settings apply then. What it throws makes the message undecodable. It is
    /// asked about values that are null (tombstones) too, and may make a message of them.
    /// </summary>
    void SetValueDeserializer(IDeserializer<T> deserializer);

    /// <summary>Hands each batch to this consumer, made anew in a scope of its own. An endpoint has one batch consumer, or consumers and sagas.</summary>
    void ConfigureBatchConsumer<TConsumer>(IRegistrationContext context)
        where TConsumer : class, ITopicBatchConsumer<T>;
}

/// <inheritdoc cref="ITopicEndpointConfigurator{T}"/>
/// <typeparam name="TKey">The type of the keys: string, Guid, int, long, byte[], <see cref="Ignore"/>, or one with a deserializer of its own.</typeparam>
/// <typeparam name="T">The type of the messages, or a base of the types on the topics.</typeparam>
public interface ITopicEndpointConfigurator<TKey, T> : ITopicEndpointConfigurator<T>
    where T : class
{
    /// <summary>Reads keys in another form. What it throws, the consumer that asks for the key gets.</summary>
    void SetKeyDeserializer(IDeserializer<TKey> deserializer);
}
