using System.Text.Json;
using System.Text.Json.Serialization;
using MassTransit.Transports;

namespace IotBus.Kafka;

/// <summary>A producer's configuration, without its types.</summary>
internal abstract class ProducerDefinition
{
    /// <summary>The type of the producer, by which the rider finds it.</summary>
    public abstract Type ServiceType { get; }

    public abstract object Create(KafkaRider rider, IBusInstance bus);

    public abstract IEnumerable<(string Key, string Message)> Validate();
}

/// <summary>What <see cref="ITopicProducerConfigurator{TKey,T}"/> gathered.</summary>
internal sealed class ProducerDefinition<TKey, T>(string topic) : ProducerDefinition, ITopicProducerConfigurator<TKey, T>
    where T : class
{
    public override Type ServiceType => typeof(ITopicProducer<TKey, T>);

    /// <summary>Null, which does not pass validation, for a key that has no usual form.</summary>
    public Func<TKey, byte[]?>? KeySerializer { get; private set; } = KeyBytes.SerializerFor<TKey>();

    public JsonValueWriter Json { get; private set; } = new(JsonTypes.Default);

    /// <summary>Null when each production has a new identifier.</summary>
    public Func<T, Guid>? MessageIdOf { get; private set; }

    /// <summary>Null when MassTransit's conventions apply.</summary>
    public Func<T, Guid?>? CorrelationIdOf { get; private set; }

    public void MessageId(Func<T, Guid> messageId) => MessageIdOf = messageId ?? throw new ArgumentNullException(nameof(messageId));

    public void CorrelationId(Func<T, Guid?> correlationId) => CorrelationIdOf = correlationId ?? throw new ArgumentNullException(nameof(correlationId));

    public void UseJson(JsonSerializerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Json = new JsonValueWriter(JsonTypes.Of(context));
    }

    public void UseJson(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Json = new JsonValueWriter(JsonTypes.Of(options));
    }

    public void SerializeKey(Func<TKey, byte[]?> serialize) => KeySerializer = serialize ?? throw new ArgumentNullException(nameof(serialize));

    public override object Create(KafkaRider rider, IBusInstance bus) => new TopicProducer<TKey, T>(rider, bus, topic, this);

    public override IEnumerable<(string Key, string Message)> Validate()
    {
        if (KeySerializer is null)
            yield return ($"AddProducer(\"{topic}\")", $"has keys of type {typeof(TKey).Name}, which have no usual form: call SerializeKey.");
    }
}
