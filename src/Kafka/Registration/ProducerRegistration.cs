using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports;

namespace IotBus.Kafka;

/// <summary>A producer that <c>AddProducer</c> registered, until the rider is built.</summary>
internal abstract class ProducerRegistration(string topic) : IRegistration
{
    public string Topic { get; } = topic;

    public abstract Type Type { get; }

    public bool IncludeInConfigureEndpoints { get; set; }

    /// <summary>The producer's type, by which the rider finds it.</summary>
    public abstract Type ServiceType { get; }

    public abstract object Create(KafkaRider rider, IBusInstance bus, IRiderRegistrationContext context);
}

/// <inheritdoc/>
internal sealed class ProducerRegistration<TKey, T>(string topic, Action<IRiderRegistrationContext, ITopicProducerConfigurator<TKey, T>>? configure)
    : ProducerRegistration(topic)
    where T : class
{
    public override Type Type => ServiceType;

    public override Type ServiceType => typeof(ITopicProducer<TKey, T>);

    public override object Create(KafkaRider rider, IBusInstance bus, IRiderRegistrationContext context)
    {
        var definition = new ProducerDefinition<TKey, T>();
        configure?.Invoke(context, definition);
        return new TopicProducer<TKey, T>(rider, bus, Topic, definition);
    }
}
