using MassTransit;

namespace IotBus.Kafka;

/// <summary>
/// Produces messages of one type to one topic, with a key each. From the container it is scoped: in a consumer's scope what it produces belongs to the
/// conversation of what is consumed, has that message's headers and its <c>CorrelationId</c> as <c>InitiatorId</c>, and if the consumer has an outbox,
/// is produced once the outbox lets it go, or never. Thread-safe; the order of calls is the order on the partition, as long as no pipe, filter,
/// observer or serializer waits.
/// </summary>
/// <remarks>
/// <para>A message has the headers of <see cref="MessageHeaderNames"/>. Its value is raw JSON of its runtime type, unless another serializer is
/// set.</para>
/// <para>The outboxes that take it: MassTransit's <c>UseInMemoryOutbox</c>, and every <c>OutboxSendContext</c> but MassTransit's own, which can deliver
/// to the bus's transport only: beside those it is produced at once.</para>
/// </remarks>
/// <typeparam name="TKey">The type of the key.</typeparam>
/// <typeparam name="T">The type of the message, or a base of the types on the topic.</typeparam>
public interface ITopicProducer<TKey, T> : ISendObserverConnector
    where T : class
{
    /// <summary>
    /// Produces a message. The task ends when all in-sync replicas have acknowledged it, never before, or when an outbox has taken it.
    /// </summary>
    /// <param name="key">Messages of one key are on one partition, in order.</param>
    /// <param name="message">Not null: <see cref="ProduceTombstone(TKey, CancellationToken)"/> produces a null value.</param>
    /// <param name="cancellationToken">Ends the wait; what was handed to the client is produced all the same.</param>
    /// <exception cref="TopicProduceException">It was not acknowledged; whether it was written may be unknown.</exception>
    Task Produce(TKey key, T message, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="Produce(TKey, T, CancellationToken)"/>
    /// <param name="key">Messages of one key are on one partition, in order.</param>
    /// <param name="message">Not null.</param>
    /// <param name="pipe">Runs last before it is written: sets headers, identifiers, the partition, the key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task Produce(TKey key, T message, IPipe<KafkaSendContext<TKey, T>> pipe, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="Produce(TKey, T, CancellationToken)"/>
    /// <param name="key">Messages of one key are on one partition, in order.</param>
    /// <param name="values">An object of any type that MassTransit's message initializers make the message from; <c>__Header_Name</c> sets a
    /// header.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task Produce(TKey key, object values, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="Produce(TKey, object, CancellationToken)"/>
    /// <param name="key">Messages of one key are on one partition, in order.</param>
    /// <param name="values">What the message is made from.</param>
    /// <param name="pipe">Runs last before it is written.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task Produce(TKey key, object values, IPipe<KafkaSendContext<TKey, T>> pipe, CancellationToken cancellationToken = default);

    /// <summary>
    /// Produces a message without a value, which in a compacted topic deletes what was there of the key. Ends, and fails, as the others do. Filters and
    /// observers see a <see cref="Tombstone"/>.
    /// </summary>
    Task ProduceTombstone(TKey key, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ProduceTombstone(TKey, CancellationToken)"/>
    Task ProduceTombstone(TKey key, IPipe<KafkaSendContext<TKey, Tombstone>> pipe, CancellationToken cancellationToken = default);
}
