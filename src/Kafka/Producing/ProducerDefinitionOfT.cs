using System.Text.Json;
using System.Text.Json.Serialization;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>What <see cref="IKafkaProducerConfigurator{TKey,T}"/> gathered.</summary>
internal sealed class ProducerDefinition<TKey, T>(string topic, ProducerConfig? config = null)
    : ProducerDefinition(topic, config), IKafkaProducerConfigurator<TKey, T>
    where T : class
{
    public override ProducerKey Key => new(Topic, typeof(TKey), typeof(T));

    /// <summary>Null when the rider's factory makes it.</summary>
    public IAsyncSerializer<TKey>? KeySerializer { get; private set; }

    /// <summary>Null for JSON, or what the rider's factory makes.</summary>
    public IAsyncSerializer<T>? ValueSerializer { get; private set; }

    /// <summary>Null when the rider's factory decides.</summary>
    public JsonValueWriter? Json { get; private set; }

    /// <summary>Null when each production has a new identifier.</summary>
    public Func<T, Guid>? MessageIdOf { get; private set; }

    /// <summary>Null when MassTransit's conventions apply.</summary>
    public Func<T, Guid?>? CorrelationIdOf { get; private set; }

    /// <summary>Null when messages that nobody gives a key have none.</summary>
    public KafkaKeyResolver<TKey, T>? KeyOf { get; set; }

    public void MessageId(Func<T, Guid> messageId) => MessageIdOf = messageId ?? throw new ArgumentNullException(nameof(messageId));

    public void CorrelationId(Func<T, Guid?> correlationId) => CorrelationIdOf = correlationId ?? throw new ArgumentNullException(nameof(correlationId));

    public void UseJson(JsonSerializerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Json = new JsonValueWriter(JsonTypes.Of(context), typeof(T));
    }

    public void UseJson(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Json = new JsonValueWriter(JsonTypes.Of(options), typeof(T));
    }

    public void SerializeKey(Func<TKey, byte[]?> serialize)
    {
        ArgumentNullException.ThrowIfNull(serialize);
        KeySerializer = new FunctionSerializer<TKey>(serialize).AsAsyncOverSync();
    }

    public void SetKeySerializer(IAsyncSerializer<TKey> serializer) => KeySerializer = serializer ?? throw new ArgumentNullException(nameof(serializer));

    public void SetValueSerializer(IAsyncSerializer<T> serializer) => ValueSerializer = serializer ?? throw new ArgumentNullException(nameof(serializer));

    public override object Create(ProducerHost host) => new TopicProducer<TKey, T>(host, this);
}
