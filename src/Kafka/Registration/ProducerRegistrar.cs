using Confluent.Kafka;
using MassTransit;

namespace IotBus.Kafka;

/// <summary>Puts producers into a container.</summary>
internal static class ProducerRegistrar
{
    /// <exception cref="ConfigurationException">The same types have a producer for another topic, or one that is configured otherwise.</exception>
    public static ProducerRegistration<TKey, T> Add<TKey, T>(
        IRiderRegistrationConfigurator configurator,
        string topic,
        ProducerConfig? config,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<TKey, T>>? configure)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configurator);
        TopicName.Check(topic);
        var own = new ProducerRegistration<TKey, T>(topic, config, configure);
        var registration = configurator.Registrar.GetOrAddRegistration<ProducerRegistration>(typeof(ITopicProducer<TKey, T>), _ => own);
        var name = $"ITopicProducer<{typeof(TKey).Name}, {typeof(T).Name}>";
        Check(name, registration.Topic, topic);
        if (registration != own && (config is not null || configure is not null))
            throw new ConfigurationException($"{name} is registered already, and would not be configured again: configure it where it is registered first.");

        configurator.TryAddScoped<IKafkaRider, ITopicProducer<TKey, T>>(Scoped<TKey, T>);
        return (ProducerRegistration<TKey, T>)registration;
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
        var keyed = Add(configurator, topic, config, configure);
        var registration = configurator.Registrar.GetOrAddRegistration<KeylessRegistration>(
            typeof(ITopicProducer<T>),
            type => new KeylessRegistration(type, topic, keyOf));
        var name = $"ITopicProducer<{typeof(T).Name}>";
        Check(name, registration.Topic, topic);
        if (!Equals(registration.KeyOf, keyOf))
            throw new ConfigurationException($"{name} is registered already, and takes its keys otherwise: register it once, with one key resolver or without keys.");

        keyed.KeyOf = keyOf;
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
