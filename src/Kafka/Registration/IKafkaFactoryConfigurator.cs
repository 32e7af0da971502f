using Confluent.Kafka;
using IotBus.Kafka.Embedded;

namespace IotBus.Kafka;

/// <summary>Configures the Kafka rider. What is wrong fails when the bus is built, and says what to change.</summary>
public partial interface IKafkaFactoryConfigurator
{
    /// <summary>Named in the brokers' logs and quotas. The entry assembly's name by default.</summary>
    string? ClientId { get; set; }

    /// <summary>Any setting of librdkafka for every client of the rider, such as security. For what has no member here.</summary>
    void ConfigureClient(Action<ClientConfig> configure);

    /// <summary>
    /// Makes the serializers of keys and values that endpoints and producers do not set themselves. <see cref="DefaultKafkaSerializerFactory"/>
    /// otherwise.
    /// </summary>
    void SetSerializationFactory(IKafkaSerializerFactory factory);

    /// <summary>
    /// Makes the headers of what is produced, where a producer does not set its own. <see cref="DictionaryHeadersSerialize.Serializer"/> otherwise.
    /// </summary>
    void SetHeadersSerializer(IHeadersSerializer serializer);

    /// <summary>
    /// Reads the headers of what is consumed, where an endpoint does not set its own. <see cref="DictionaryHeadersSerialize.Deserializer"/> otherwise.
    /// </summary>
    void SetHeadersDeserializer(IHeadersDeserializer deserializer);

    /// <summary>The settings of the rider's one producer.</summary>
    void ConfigureProducer(Action<ProducerSettings> configure);

    /// <summary>
    /// Keeps the producer from filling an embedded broker. A guard that is registered in the container is used without this.
    /// </summary>
    void GuardBacklog(BacklogGuard guard);

    /// <summary>Consumes a topic as a member of a group.</summary>
    /// <typeparam name="T">The type of the messages, or a base of the types on the topic.</typeparam>
    void TopicEndpoint<T>(string topic, string group, Action<ITopicEndpointConfigurator<T>> configure)
        where T : class;

    /// <summary>Consumes several topics as a member of one group, with one consumer.</summary>
    /// <typeparam name="T">The type of the messages, or a base of the types on the topics.</typeparam>
    void TopicEndpoint<T>(IEnumerable<string> topics, string group, Action<ITopicEndpointConfigurator<T>> configure)
        where T : class;

    /// <summary>Consumes a topic as a member of a group, and reads its keys.</summary>
    /// <typeparam name="TKey">The type of the keys: string, Guid, int, long, byte[], or one with a deserializer of its own.</typeparam>
    /// <typeparam name="T">The type of the messages, or a base of the types on the topic.</typeparam>
    void TopicEndpoint<TKey, T>(string topic, string group, Action<ITopicEndpointConfigurator<TKey, T>> configure)
        where T : class;

    /// <summary>Consumes several topics as a member of one group, with one consumer, and reads their keys.</summary>
    /// <typeparam name="TKey">The type of the keys: string, Guid, int, long, byte[], or one with a deserializer of its own.</typeparam>
    /// <typeparam name="T">The type of the messages, or a base of the types on the topics.</typeparam>
    void TopicEndpoint<TKey, T>(IEnumerable<string> topics, string group, Action<ITopicEndpointConfigurator<TKey, T>> configure)
        where T : class;

    /// <summary>Consumes a topic as a member of the group that <paramref name="consumerConfig"/> names.</summary>
    /// <typeparam name="T">The type of the messages, or a base of the types on the topic.</typeparam>
    /// <param name="topic">The topic's name.</param>
    /// <param name="consumerConfig">Settings of librdkafka for the endpoint's client; <c>GroupId</c> is required, and <c>AutoCommitIntervalMs</c> is the
    /// <see cref="ITopicEndpointConfigurator.CheckpointInterval"/>. What is configured after that goes before them.</param>
    /// <param name="configure">Says who consumes, and how.</param>
    void TopicEndpoint<T>(string topic, ConsumerConfig consumerConfig, Action<ITopicEndpointConfigurator<T>> configure)
        where T : class;

    /// <inheritdoc cref="TopicEndpoint{T}(string, ConsumerConfig, Action{ITopicEndpointConfigurator{T}})"/>
    /// <typeparam name="TKey">The type of the keys: string, Guid, int, long, byte[], or one with a deserializer of its own.</typeparam>
    /// <typeparam name="T">The type of the messages, or a base of the types on the topic.</typeparam>
    void TopicEndpoint<TKey, T>(string topic, ConsumerConfig consumerConfig, Action<ITopicEndpointConfigurator<TKey, T>> configure)
        where T : class;
}
