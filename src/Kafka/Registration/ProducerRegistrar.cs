using Confluent.Kafka;
using MassTransit;

namespace IotBus.Kafka;

/// <summary>Puts producers into a container.</summary>
internal static class ProducerRegistrar
{
    /// <exception cref="ConfigurationException">The same types have a producer for another topic.</exception>
    public static void Add<TKey, T>(
        IRiderRegistrationConfigurator configurator,
        string topic,
        ProducerConfig? config,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<TKey, T>>? configure)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configurator);
        TopicName.Check(topic);
        var registration = configurator.Registrar.GetOrAddRegistration<ProducerRegistration>(
            typeof(ITopicProducer<TKey, T>),
            _ => new ProducerRegistration<TKey, T>(topic, config, configure));
        Check($"ITopicProducer<{typeof(TKey).Name}, {typeof(T).Name}>", registration.Topic, topic);
        configurator.TryAddScoped<IKafkaRider, ITopicProducer<TKey, T>>(Scoped<TKey, T>);
    }

    /// <inheritdoc cref="Add"/>
    public static void AddKeyless<TKey, T>(
        IRiderRegistrationConfigurator configurator,
        string topic,
        ProducerConfig? config,
        KafkaKeyResolver<TKey, T>? keyOf,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<TKey, T>>? configure)
        where T : class
    {
        Add(configurator, topic, config, configure);
        var registration = configurator.Registrar.GetOrAddRegistration<KeylessRegistration>(
            typeof(ITopicProducer<T>),
            type => new KeylessRegistration(type, topic));
        Check($"ITopicProducer<{typeof(T).Name}>", registration.Topic, topic);
        configurator.TryAddScoped<IKafkaRider, ITopicProducer<T>>((rider, services) =>
            new KeyedTopicProducer<TKey, T>(Scoped<TKey, T>(rider, services), keyOf));
    }

    private static ITopicProducer<TKey, T> Scoped<TKey, T>(IKafkaRider rider, IServiceProvider services)
        where T : class => ScopedTopicProducerProvider.Scoped(rider.GetProducer<TKey, T>(), services);

    private static void Check(string producer, string registered, string topic)
    {
        if (registered != topic)
        {
            throw new ConfigurationException(
                $"{producer} is registered for '{registered}' and cannot be for '{topic}' too: use a more specific message type for one of them, or "
                + "ITopicProducerProvider.");
        }
    }
}
