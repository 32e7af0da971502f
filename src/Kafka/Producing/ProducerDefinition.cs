using System.Text.Json;
using System.Text.Json.Serialization;
using MassTransit;

namespace IotBus.Kafka;

/// <summary>What <see cref="ITopicProducerConfigurator{TKey,T}"/> gathered.</summary>
internal sealed class ProducerDefinition<TKey, T> : ITopicProducerConfigurator<TKey, T>
    where T : class
{
    private Func<TKey, byte[]?>? _serializeKey = KeyBytes.SerializerFor<TKey>();

    public JsonValueWriter Json { get; private set; } = new(JsonTypes.Default);

    /// <summary>Null when each production has a new identifier.</summary>
    public Func<T, Guid>? MessageIdOf { get; private set; }

    /// <summary>Null when MassTransit's conventions apply.</summary>
    public Func<T, Guid?>? CorrelationIdOf { get; private set; }

    public Func<TKey, byte[]?> KeySerializer =>
        _serializeKey ?? throw new ConfigurationException($"A key of type {typeof(TKey).Name} has no usual form: call SerializeKey for the producer of {typeof(T).Name}.");

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

    public void SerializeKey(Func<TKey, byte[]?> serialize) => _serializeKey = serialize ?? throw new ArgumentNullException(nameof(serialize));
}
