using System.Net.Mime;
using Confluent.Kafka;
using MassTransit;
using MassTransit.Initializers;

namespace IotBus.Kafka;

/// <inheritdoc cref="ITopicProducer{TKey,T}"/>
internal sealed class TopicProducer<TKey, T> : ITopicProducer<TKey, T>, ICapturingProducer<T>
    where T : class
{
    private readonly TopicSender _sender;
    private readonly IAsyncSerializer<TKey> _keySerializer;
    private readonly IAsyncSerializer<T> _valueSerializer;
    private readonly ContentType _contentType;
    private readonly Func<T, Guid>? _messageId;
    private readonly Func<T, Guid?>? _correlationId;
    private readonly KafkaKeyResolver<TKey, T>? _keyOf;
    private readonly DirectProducer<TKey, T>? _direct;

    public TopicProducer(ProducerHost host, ProducerDefinition<TKey, T> definition)
    {
        ProduceMetrics.Expect(definition.Topic);
        var factory = host.Serializers;
        var headers = definition.HeadersSerializer ?? host.HeadersSerializer;
        _sender = new TopicSender(host, host.Clients.Get(definition.Config), definition.Topic, headers);
        _messageId = definition.MessageIdOf;
        _correlationId = definition.CorrelationIdOf;
        _keyOf = definition.KeyOf;
        _contentType = definition.Json is null ? factory.ContentType : DefaultFactory.ContentType;
        _keySerializer = definition.KeySerializer ?? factory.GetSerializer<TKey>();
        var json = definition.Json;
        if (json is null && definition.ValueSerializer is null && factory is DefaultKafkaSerializerFactory && DefaultSerializers.Find<T>() is null)
            json = new JsonValueWriter(JsonTypes.Default, typeof(T));

        _valueSerializer = definition.ValueSerializer
            ?? (json is null ? factory.GetSerializer<T>() : new JsonValueSerializer<T>(json).AsAsyncOverSync());

        // Without a pipe, and as long as nobody observes, such a message needs no send context.
        if (json is not null && definition.ValueSerializer is null && _keySerializer is AsyncSerializer<TKey> key
            && ReferenceEquals(headers, DictionaryHeadersSerialize.Serializer) && !host.HasSendFilters)
        {
            _direct = new DirectProducer<TKey, T>(_sender, key.Serializer, json, _messageId, _correlationId ?? host.CorrelationIdOf<T>());
        }
    }

    private static DefaultKafkaSerializerFactory DefaultFactory { get; } = new();

    public Task Produce(TKey key, T message, CancellationToken cancellationToken = default) =>
        Produce(default, key, message, pipe: null, cancellationToken);

    public Task Produce(TKey key, T message, IPipe<KafkaSendContext<TKey, T>> pipe, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        return Produce(default, key, message, pipe, cancellationToken);
    }

    public Task Produce(TKey key, object values, CancellationToken cancellationToken = default) =>
        Produce(default, key, values, pipe: null, cancellationToken);

    public Task Produce(TKey key, object values, IPipe<KafkaSendContext<TKey, T>> pipe, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        return Produce(default, key, values, pipe, cancellationToken);
    }

    public Task ProduceTombstone(TKey key, CancellationToken cancellationToken = default) => ProduceTombstone(default, key, pipe: null, cancellationToken);

    public Task ProduceTombstone(TKey key, IPipe<KafkaSendContext<TKey, Tombstone>> pipe, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        return ProduceTombstone(default, key, pipe, cancellationToken);
    }

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => _sender.Observers.Connect(observer);

    public Task Produce(ProduceScope scope, TKey key, T message, IPipe<KafkaSendContext<TKey, T>>? pipe, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);

        return _direct is not null && pipe is null && scope.Consuming is null && !_sender.IsObserved
            ? _direct.ProduceAsync(key, message, cancellationToken)
            : SendAsync(scope, key, message, initialized: null, pipe, cancellationToken);
    }

    public async Task Produce(
        ProduceScope scope, TKey key, object values, IPipe<KafkaSendContext<TKey, T>>? pipe, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(values);
        cancellationToken.ThrowIfCancellationRequested();
        var (message, initialized) = await MessageInitializerCache<T>.InitializeMessage(values, cancellationToken).ConfigureAwait(false);
        await SendAsync(scope, key, message, initialized, pipe, cancellationToken).ConfigureAwait(false);
    }

    public async Task ProduceTombstone(
        ProduceScope scope, TKey key, IPipe<KafkaSendContext<TKey, Tombstone>>? pipe, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var context = new KafkaMessageSendContext<TKey, Tombstone>(
            key, Tombstone.Instance, _keySerializer, NullSerializer<Tombstone>.Instance, contentType: null, cancellationToken)
        {
            // What is deleted, for who reads several types from the topic.
            SupportedMessageTypes = MessageTypeCache<T>.MessageTypeNames,
        };
        await _sender.PrepareAsync(context, scope, initialized: null, pipe).ConfigureAwait(false);
        await _sender.SendAsync(context, scope.Consuming).ConfigureAwait(false);
    }

    public async Task<SendContext<T>> CaptureAsync(ProduceScope scope, T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
    {
        var context = NewContext(default!, message, cancellationToken);
        if (_keyOf is null)
            context.LeaveKeyOut();
        else
            context.Key = _keyOf(context);

        await _sender.PrepareAsync(context, scope, Configured(pipe), pipe: null).ConfigureAwait(false);
        await _sender.CaptureAsync(context).ConfigureAwait(false);
        return context;
    }

    private async Task SendAsync(
        ProduceScope scope,
        TKey key,
        T message,
        IPipe<SendContext<T>>? initialized,
        IPipe<KafkaSendContext<TKey, T>>? pipe,
        CancellationToken cancellationToken)
    {
        var context = NewContext(key, message, cancellationToken);
        await _sender.PrepareAsync(context, scope, Configured(initialized), pipe).ConfigureAwait(false);
        await _sender.SendAsync(context, scope.Consuming).ConfigureAwait(false);
    }

    private KafkaMessageSendContext<TKey, T> NewContext(TKey key, T message, CancellationToken cancellationToken)
    {
        var context = new KafkaMessageSendContext<TKey, T>(key, message, _keySerializer, _valueSerializer, _contentType, cancellationToken);
        if (_messageId is not null)
            context.MessageId = _messageId(message);

        return context;
    }

    /// <summary>What is configured here goes before the conventions, and the caller's pipe before both.</summary>
    private IPipe<SendContext<T>>? Configured(IPipe<SendContext<T>>? pipe) => _correlationId is null ? pipe : new CorrelationPipe(_correlationId, pipe);

    private sealed class CorrelationPipe(Func<T, Guid?> correlationId, IPipe<SendContext<T>>? next) : IPipe<SendContext<T>>
    {
        public Task Send(SendContext<T> context)
        {
            context.CorrelationId = correlationId(context.Message);
            return next is not null && next.IsNotEmpty() ? next.Send(context) : Task.CompletedTask;
        }

        public void Probe(ProbeContext context) => next?.Probe(context);
    }
}
