using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IotBus.Kafka;

/// <summary>Adds the Kafka rider to a bus: <c>x.AddRider(r => { r.AddProducer…; r.AddBatchConsumer…; r.UsingKafka(…); })</c>.</summary>
public static class KafkaRiderExtensions
{
    /// <summary>Registers a batch consumer, made anew in a scope of its own for each batch.</summary>
    public static void AddBatchConsumer<TConsumer>(this IRiderRegistrationConfigurator configurator)
        where TConsumer : class
    {
        ArgumentNullException.ThrowIfNull(configurator);
        if (!BatchConsumerTypes.Implemented(typeof(TConsumer)).Any())
            throw new ConfigurationException($"{typeof(TConsumer).Name} is no batch consumer: implement ITopicBatchConsumer<T>.");

        configurator.TryAddScoped<TConsumer>();
    }

    /// <summary>Registers a producer, <see cref="ITopicProducer{TKey,T}"/>, for a topic.</summary>
    /// <param name="configurator">The rider's registration.</param>
    /// <param name="topic">The topic's name.</param>
    /// <param name="configure">What to say about identifiers, JSON and keys.</param>
    /// <exception cref="ConfigurationException">The same types have a producer for another topic.</exception>
    public static void AddProducer<TKey, T>(
        this IRiderRegistrationConfigurator configurator,
        string topic,
        Action<IRiderRegistrationContext, ITopicProducerConfigurator<TKey, T>>? configure = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configurator);
        TopicName.Check(topic);
        var registration = configurator.Registrar.GetOrAddRegistration<ProducerRegistration>(
            typeof(ITopicProducer<TKey, T>),
            _ => new ProducerRegistration<TKey, T>(topic, configure));
        if (registration.Topic != topic)
        {
            throw new ConfigurationException(
                $"ITopicProducer<{typeof(TKey).Name}, {typeof(T).Name}> is registered for '{registration.Topic}' and cannot be for '{topic}' too: "
                + "use a more specific message type for one of them.");
        }

        configurator.TryAddScoped<IKafkaRider, ITopicProducer<TKey, T>>((rider, _) => rider.GetProducer<TKey, T>());
    }

    /// <summary>Adds the rider itself.</summary>
    public static void UsingKafka(
        this IRiderRegistrationConfigurator configurator,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(configure);
        configurator.SetRiderFactory(new KafkaRiderFactory(configure));
        configurator.TryAddSingleton<IKafkaHealth, KafkaHealth>();
    }
}
