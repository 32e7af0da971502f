using MassTransit;

namespace IotBus.Kafka;

/// <summary>
/// Produces messages of one type to one topic; the key comes from the message, or there is none. Otherwise as
/// <see cref="ITopicProducer{TKey,T}"/>. Thread-safe.
/// </summary>
/// <typeparam name="T">The type of the message, or a base of the types on the topic.</typeparam>
public interface ITopicProducer<T> : ISendObserverConnector
    where T : class
{
    /// <inheritdoc cref="ITopicProducer{TKey,T}.Produce(TKey, T, CancellationToken)"/>
    Task Produce(T message, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ITopicProducer{TKey,T}.Produce(TKey, T, IPipe{KafkaSendContext{TKey,T}}, CancellationToken)"/>
    Task Produce(T message, IPipe<KafkaSendContext<T>> pipe, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ITopicProducer{TKey,T}.Produce(TKey, object, CancellationToken)"/>
    Task Produce(object values, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ITopicProducer{TKey,T}.Produce(TKey, object, IPipe{KafkaSendContext{TKey,T}}, CancellationToken)"/>
    Task Produce(object values, IPipe<KafkaSendContext<T>> pipe, CancellationToken cancellationToken = default);
}
