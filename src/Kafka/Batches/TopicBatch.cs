namespace IotBus.Kafka;

/// <summary>Consecutive messages of one partition.</summary>
public sealed class TopicBatch<T>
    where T : class
{
    private readonly Func<TopicMessage<T>, string, Exception?, CancellationToken, Task> _deadLetter;

    /// <param name="assignment">The partition the messages come from.</param>
    /// <param name="firstOffset">The first offset the batch covers.</param>
    /// <param name="lastOffset">The last offset the batch covers, inclusive.</param>
    /// <param name="messages">The decodable messages, by offset.</param>
    /// <param name="deadLetter">Produces a message to the dead-letter topic with a reason and returns when that is acknowledged.</param>
    public TopicBatch(
        TopicAssignment assignment,
        long firstOffset,
        long lastOffset,
        IReadOnlyList<TopicMessage<T>> messages,
        Func<TopicMessage<T>, string, Exception?, CancellationToken, Task> deadLetter)
    {
        Assignment = assignment;
        FirstOffset = firstOffset;
        LastOffset = lastOffset;
        Messages = messages;
        _deadLetter = deadLetter;
    }

    public TopicAssignment Assignment { get; }

    public string Topic => Assignment.Topic;

    public int Partition => Assignment.Partition;

    /// <summary>The first offset the batch covers.</summary>
    public long FirstOffset { get; }

    /// <summary>
    /// The last offset the batch covers, inclusive. Offsets without a message were undecodable or hold no message (transaction markers,
    /// compaction).
    /// </summary>
    public long LastOffset { get; }

    public IReadOnlyList<TopicMessage<T>> Messages { get; }

    /// <summary>
    /// Sends a message that the domain rejects to the topic's dead-letter topic, as it came, with the reason. Returns when that is
    /// acknowledged.
    /// </summary>
    /// <exception cref="TopicProduceException">The dead letter was not acknowledged: let it pass, so that the batch comes
    /// again.</exception>
    public Task DeadLetterAsync(TopicMessage<T> message, string reason, Exception? exception = null, CancellationToken cancellationToken = default) =>
        _deadLetter(message, reason, exception, cancellationToken);
}
