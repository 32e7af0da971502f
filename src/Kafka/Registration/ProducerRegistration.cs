using Confluent.Kafka;
using MassTransit;
using MassTransit.Configuration;

namespace IotBus.Kafka;

/// <summary>A producer that <c>AddProducer</c> registered, until the rider is built.</summary>
internal abstract class ProducerRegistration(string topic) : IRegistration
{
    public string Topic { get; } = topic;

    public abstract Type Type { get; }

    public bool IncludeInConfigureEndpoints { get; set; }

    /// <summary>Runs the producer's configuration.</summary>
    public abstract ProducerDefinition Define(IRiderRegistrationContext context);
}

/// <inheritdoc/>
internal sealed class ProducerRegistration<TKey, T>(
    string topic, ProducerConfig? config, Action<IRiderRegistrationContext, IKafkaProducerConfigurator<TKey, T>>? configure)
    : ProducerRegistration(topic)
    where T : class
{
    public override Type Type => typeof(ITopicProducer<TKey, T>);

    /// <summary>Takes the key of messages that nobody gives one; null if they have none.</summary>
    public KafkaKeyResolver<TKey, T>? KeyOf { get; set; }

    public override ProducerDefinition Define(IRiderRegistrationContext context)
    {
        var definition = new ProducerDefinition<TKey, T>(Topic, config) { KeyOf = KeyOf };
        configure?.Invoke(context, definition);
        return definition;
    }
}
