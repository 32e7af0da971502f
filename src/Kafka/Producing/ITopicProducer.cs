namespace IotBus.Kafka;

/// <summary>
/// Produces messages of one type to the topic it was registered for. Thread-safe; order of calls is order on the partition.
/// </summary>
/// <typeparam name="TKey">The type of the key.</typeparam>
/// <typeparam name="T">The type of the message, or a base of the types on the topic.</typeparam>
public interface ITopicProducer<in TKey, in T>
    where T : class
{
    /// <summary>Produces a message. The task ends when all in-sync replicas have acknowledged it, never before.</summary>
    /// <exception cref="TopicProduceException">It was not acknowledged; whether it was written may be unknown.</exception>
    Task Produce(TKey key, T message, CancellationToken cancellationToken = default);
}
