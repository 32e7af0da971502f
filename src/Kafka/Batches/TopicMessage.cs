namespace IotBus.Kafka;

/// <summary>One message of a batch.</summary>
/// <param name="Message">The decoded message.</param>
/// <param name="MessageId">Its identifier: the header <c>MessageId</c>, or one made from topic, partition and offset.</param>
/// <param name="Offset">Its offset in the partition.</param>
/// <param name="Timestamp">The message's timestamp on Kafka, UTC, milliseconds. The same at every delivery.</param>
public readonly record struct TopicMessage<T>(T Message, Guid MessageId, long Offset, DateTimeOffset Timestamp)
    where T : class;
