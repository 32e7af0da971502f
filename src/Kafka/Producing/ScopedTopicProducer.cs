using MassTransit;
using MassTransit.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka;

/// <summary>
/// A producer in a scope. What is consumed there is asked for at each call: an outbox takes its place after the scope was made. Thread-safe.
/// </summary>
internal sealed class ScopedTopicProducer<TKey, T>(TopicProducer<TKey, T> producer, IServiceProvider services) : ITopicProducer<TKey, T>
    where T : class
{
    private readonly IScopedConsumeContextProvider? _consuming = services.GetService<IScopedConsumeContextProvider>();

    private ProduceScope Scope => new(services, _consuming is { HasContext: true } ? _consuming.GetContext() : null);

    public Task Produce(TKey key, T message, CancellationToken cancellationToken = default) =>
        producer.Produce(Scope, key, message, pipe: null, cancellationToken);

    public Task Produce(TKey key, T message, IPipe<KafkaSendContext<TKey, T>> pipe, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        return producer.Produce(Scope, key, message, pipe, cancellationToken);
    }

    public Task Produce(TKey key, object values, CancellationToken cancellationToken = default) =>
        producer.Produce(Scope, key, values, pipe: null, cancellationToken);

    public Task Produce(TKey key, object values, IPipe<KafkaSendContext<TKey, T>> pipe, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        return producer.Produce(Scope, key, values, pipe, cancellationToken);
    }

    public Task ProduceTombstone(TKey key, CancellationToken cancellationToken = default) =>
        producer.ProduceTombstone(Scope, key, pipe: null, cancellationToken);

    public Task ProduceTombstone(TKey key, IPipe<KafkaSendContext<TKey, Tombstone>> pipe, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        return producer.ProduceTombstone(Scope, key, pipe, cancellationToken);
    }

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => producer.ConnectSendObserver(observer);
}
