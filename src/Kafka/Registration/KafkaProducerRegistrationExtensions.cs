using Confluent.Kafka;
using MassTransit;

namespace IotBus.Kafka;

/// <summary>Registers producers: <see cref="ITopicProducer{TKey,T}"/>, and with a key resolver or without keys <see cref="ITopicProducer{T}"/>.</summary>
public static class KafkaProducerRegistrationExtensions
{
    /// <summary>Registers a producer whose messages have no key: <see cref="ITopicProducer{T}"/>.</summary>
    /// <param name="configurator">The rider's registration.</param>
    /// <param name="topicName">The topic's name.</param>
    /// <param name="configure">What to say about identifiers, serializers and the client.</param>
    /// <exception cref="ConfigurationException">The same types have a producer for another topic, or one that is configured otherwise.</exception>
    public static void AddProducer<T>(
        this IRiderRegistrationConfigurator configurator,
        string topicName,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<Null, T>>? configure = null)
        where T : class => ProducerRegistrar.AddKeyless<Null, T>(configurator, topicName, null, null, configure);

    /// <inheritdoc cref="AddProducer{T}(IRiderRegistrationConfigurator, string, Action{IRiderRegistrationContext, IKafkaProducerConfigurator{Null, T}}?)"/>
    /// <param name="configurator">The rider's registration.</param>
    /// <param name="topicName">The topic's name.</param>
    /// <param name="producerConfig">What the producer's client has otherwise than the rider's; if that is anything, it gets a client of its own.</param>
    /// <param name="configure">What to say about identifiers, serializers and the client.</param>
    public static void AddProducer<T>(
        this IRiderRegistrationConfigurator configurator,
        string topicName,
        ProducerConfig producerConfig,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<Null, T>>? configure = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(producerConfig);
        ProducerRegistrar.AddKeyless<Null, T>(configurator, topicName, producerConfig, null, configure);
    }

    /// <summary>Registers a producer, <see cref="ITopicProducer{TKey,T}"/>, for a topic.</summary>
    /// <param name="configurator">The rider's registration.</param>
    /// <param name="topicName">The topic's name.</param>
    /// <param name="configure">What to say about identifiers, serializers and the client.</param>
    /// <exception cref="ConfigurationException">The same types have a producer for another topic, or one that is configured otherwise.</exception>
    public static void AddProducer<TKey, T>(
        this IRiderRegistrationConfigurator configurator,
        string topicName,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<TKey, T>>? configure = null)
        where T : class => ProducerRegistrar.Add(configurator, topicName, null, configure);

    /// <inheritdoc cref="AddProducer{TKey,T}(IRiderRegistrationConfigurator, string, Action{IRiderRegistrationContext, IKafkaProducerConfigurator{TKey, T}}?)"/>
    /// <param name="configurator">The rider's registration.</param>
    /// <param name="topicName">The topic's name.</param>
    /// <param name="producerConfig">What the producer's client has otherwise than the rider's; if that is anything, it gets a client of its own.</param>
    /// <param name="configure">What to say about identifiers, serializers and the client.</param>
    public static void AddProducer<TKey, T>(
        this IRiderRegistrationConfigurator configurator,
        string topicName,
        ProducerConfig producerConfig,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<TKey, T>>? configure = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(producerConfig);
        ProducerRegistrar.Add(configurator, topicName, producerConfig, configure);
    }

    /// <summary>
    /// Registers a producer that takes keys from messages, <see cref="ITopicProducer{T}"/>, and the one that is given keys,
    /// <see cref="ITopicProducer{TKey,T}"/>.
    /// </summary>
    /// <param name="configurator">The rider's registration.</param>
    /// <param name="topicName">The topic's name.</param>
    /// <param name="keyResolver">Takes the key from what is about to be produced.</param>
    /// <param name="configure">What to say about identifiers, serializers and the client.</param>
    /// <exception cref="ConfigurationException">The same types have a producer for another topic, or one that is configured otherwise.</exception>
    public static void AddProducer<TKey, T>(
        this IRiderRegistrationConfigurator configurator,
        string topicName,
        KafkaKeyResolver<TKey, T> keyResolver,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<TKey, T>>? configure = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(keyResolver);
        ProducerRegistrar.AddKeyless(configurator, topicName, null, keyResolver, configure);
    }

    /// <inheritdoc cref="AddProducer{TKey,T}(IRiderRegistrationConfigurator, string, KafkaKeyResolver{TKey, T}, Action{IRiderRegistrationContext, IKafkaProducerConfigurator{TKey, T}}?)"/>
    /// <param name="configurator">The rider's registration.</param>
    /// <param name="topicName">The topic's name.</param>
    /// <param name="producerConfig">What the producer's client has otherwise than the rider's; if that is anything, it gets a client of its own.</param>
    /// <param name="keyResolver">Takes the key from what is about to be produced.</param>
    /// <param name="configure">What to say about identifiers, serializers and the client.</param>
    public static void AddProducer<TKey, T>(
        this IRiderRegistrationConfigurator configurator,
        string topicName,
        ProducerConfig producerConfig,
        KafkaKeyResolver<TKey, T> keyResolver,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<TKey, T>>? configure = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(producerConfig);
        ArgumentNullException.ThrowIfNull(keyResolver);
        ProducerRegistrar.AddKeyless(configurator, topicName, producerConfig, keyResolver, configure);
    }
}
