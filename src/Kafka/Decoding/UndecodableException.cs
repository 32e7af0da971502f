namespace IotBus.Kafka;

/// <summary>A message that cannot be read.</summary>
internal sealed class UndecodableException(string reason, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>One of <see cref="DeadLetterReasons"/>.</summary>
    public string Reason { get; } = reason;
}
