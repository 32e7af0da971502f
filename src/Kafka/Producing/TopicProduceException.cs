namespace IotBus.Kafka;

/// <summary>A message was not acknowledged.</summary>
/// <param name="topic">The topic it was for.</param>
/// <param name="failure">What kind of failure.</param>
/// <param name="message">The reason, as the client tells it.</param>
/// <param name="innerException">The client's own exception.</param>
public sealed class TopicProduceException(string topic, ProduceFailure failure, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public string Topic { get; } = topic;

    public ProduceFailure Failure { get; } = failure;
}
