namespace IotBus.Kafka;

/// <summary>How a message failed: what its dead letter tells beside where it came from.</summary>
/// <param name="Reason">One of <see cref="DeadLetterReasons"/>, or the consumer's own.</param>
/// <param name="Exception">The last failure's exception, where there was one.</param>
/// <param name="Attempts">How often the message was tried, at least 1.</param>
/// <param name="Consumer">The name of the consumer's type; null where the message did not come as far as to one.</param>
/// <param name="First">When it failed first.</param>
/// <param name="Last">When it failed last.</param>
internal sealed record MessageFailure(
    string Reason, Exception? Exception, int Attempts, string? Consumer, DateTimeOffset First, DateTimeOffset Last)
{
    /// <summary>A message that failed at once, before any consumer saw it.</summary>
    public static MessageFailure BeforeConsumer(UndecodableException why, DateTimeOffset now) => new(why.Reason, why, 1, null, now, now);
}
