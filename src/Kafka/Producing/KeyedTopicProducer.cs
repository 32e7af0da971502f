using MassTransit;
using MassTransit.Transports;

namespace IotBus.Kafka;

/// <inheritdoc cref="ITopicProducer{T}"/>
/// <param name="producer">What it produces with.</param>
/// <param name="keyOf">Null when messages have no key.</param>
internal sealed class KeyedTopicProducer<TKey, T>(ITopicProducer<TKey, T> producer, KafkaKeyResolver<TKey, T>? keyOf) : ITopicProducer<T>
    where T : class
{
    private readonly IPipe<KafkaSendContext<TKey, T>>? _setKey = keyOf is null ? null : new KeyPipe(keyOf, next: null);

    public Task Produce(T message, CancellationToken cancellationToken = default) =>
        _setKey is null ? producer.Produce(default!, message, cancellationToken) : producer.Produce(default!, message, _setKey, cancellationToken);

    public Task Produce(T message, IPipe<KafkaSendContext<T>> pipe, CancellationToken cancellationToken = default) =>
        producer.Produce(default!, message, Around(pipe), cancellationToken);

    public Task Produce(object values, CancellationToken cancellationToken = default) =>
        _setKey is null ? producer.Produce(default!, values, cancellationToken) : producer.Produce(default!, values, _setKey, cancellationToken);

    public Task Produce(object values, IPipe<KafkaSendContext<T>> pipe, CancellationToken cancellationToken = default) =>
        producer.Produce(default!, values, Around(pipe), cancellationToken);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => producer.ConnectSendObserver(observer);

    private IPipe<KafkaSendContext<TKey, T>> Around(IPipe<KafkaSendContext<T>> pipe)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        return keyOf is null ? pipe : new KeyPipe(keyOf, pipe);
    }

    private sealed class KeyPipe(KafkaKeyResolver<TKey, T> keyOf, IPipe<KafkaSendContext<T>>? next) : IPipe<KafkaSendContext<TKey, T>>, ISendContextPipe
    {
        /// <summary>What the caller's pipe does before all others.</summary>
        public Task Send<TMessage>(SendContext<TMessage> context)
            where TMessage : class => next is ISendContextPipe first ? first.Send(context) : Task.CompletedTask;

        public Task Send(KafkaSendContext<TKey, T> context)
        {
            context.Key = keyOf(context);
            return next?.Send(context) ?? Task.CompletedTask;
        }

        public void Probe(ProbeContext context) => next?.Probe(context);
    }
}
