namespace IotBus.Kafka;

/// <summary>
/// Consumes a partition's messages batch by batch. Batches of one partition come one at a time and in order; batches of different
/// partitions may come at once, to different instances.
/// </summary>
/// <typeparam name="T">The type of the messages, or a base of the types on the topic.</typeparam>
public interface ITopicBatchConsumer<T>
    where T : class
{
    /// <summary>
    /// Applies a batch. When it returns, the batch's offsets are stored and then committed. When it throws, the partition waits and the same
    /// batch comes again after a delay: for as long as it takes if the failure is transient
    /// (<see cref="ITopicEndpointConfigurator.IsTransient"/>); otherwise, after <see cref="ITopicEndpointConfigurator.BatchAttempts"/> failures,
    /// its halves come by themselves, and theirs, until the message that fails alone is found and put into the dead-letter topic.
    /// </summary>
    /// <param name="batch">The messages, at least one, or none when all of the batch's messages were undecodable.</param>
    /// <param name="cancellationToken">Cancelled when the partition was lost or the shutdown's bound has passed.</param>
    Task Consume(TopicBatch<T> batch, CancellationToken cancellationToken);
}
