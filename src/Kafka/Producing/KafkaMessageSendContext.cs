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
    private TKey _key;

    public KafkaMessageSendContext(
        TKey key,
        T message,
        IAsyncSerializer<TKey> keySerializer,
        IAsyncSerializer<T> valueSerializer,
        ContentType? contentType,
        CancellationToken cancellationToken)
        : base(message, cancellationToken)
    {
        (_key, HasKey) = (key, true);
        (_keySerializer, _valueSerializer) = (keySerializer, valueSerializer);
        ContentType = contentType;
        var type = RuntimeTypes.Of<T>(message);
        if (type != typeof(T))
            SupportedMessageTypes = MessageTypeCache.GetMessageTypeNames(type);
    }

    public TKey Key
    {
        get => _key;
        set => (_key, HasKey) = (value, true);
    }

    /// <summary>Whether somebody gave it its key: of a Guid or a number the default is one as well.</summary>
    public bool HasKey { get; private set; }

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

    /// <summary>It has no key, unless somebody gives it one after this.</summary>
    public void LeaveKeyOut() => HasKey = false;

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
