using System.Net.Mime;
using Confluent.Kafka;
using MassTransit;
using MassTransit.Context;

namespace IotBus.Kafka;

/// <inheritdoc cref="KafkaSendContext{TKey,T}"/>
internal sealed class KafkaMessageSendContext<TKey, T> : MessageSendContext<T>, KafkaSendContext<TKey, T>
    where T : class
{
    private IAsyncSerializer<TKey> _keySerializer;
    private IAsyncSerializer<T> _valueSerializer;
    private TopicRecord? _captured;

    public KafkaMessageSendContext(
        TKey key,
        T message,
        IAsyncSerializer<TKey> keySerializer,
        IAsyncSerializer<T> valueSerializer,
        ContentType? contentType,
        CancellationToken cancellationToken)
        : base(message, cancellationToken)
    {
        Key = key;
        (_keySerializer, _valueSerializer) = (keySerializer, valueSerializer);
        ContentType = contentType;
        var type = RuntimeTypes.Of<T>(message);
        if (type != typeof(T))
            SupportedMessageTypes = MessageTypeCache.GetMessageTypeNames(type);
    }

    public TKey Key { get; set; }

    public Partition Partition { get; set; } = Partition.Any;

    public IAsyncSerializer<TKey> KeySerializer
    {
        get => _keySerializer;
        set => _keySerializer = value ?? throw new ArgumentNullException(nameof(value));
    }

    public IAsyncSerializer<T> ValueSerializer
    {
        get => _valueSerializer;
        set => _valueSerializer = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>What an outbox stores from now on is the record: its value as the body, the rest among the properties.</summary>
    public void Capture(TopicRecord record)
    {
        _captured = record;
        Serializer = new CapturedValue(record.Value, ContentType);
    }

    public override void WritePropertiesTo(IDictionary<string, object> properties)
    {
        base.WritePropertiesTo(properties);
        if (_captured is null)
            return;

        StoredRecord.WriteTo(properties, _captured);
        _captured.Origin?.WriteTo(properties);
    }
}
