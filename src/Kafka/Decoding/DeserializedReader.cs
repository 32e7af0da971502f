using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Reads values with the application's own deserializer.</summary>
internal sealed class DeserializedReader<T>(IDeserializer<T> deserializer) : IMessageReader<T>
    where T : class
{
    public bool ReadsNull => true;

    public TopicMessage<T> Decode(string topic, ConsumeResult<byte[], byte[]> result)
    {
        T? message;
        try
        {
            message = deserializer.Deserialize(
                result.Message.Value,
                result.Message.Value is null,
                new SerializationContext(MessageComponentType.Value, topic, result.Message.Headers));
        }
        catch (Exception exception)
        {
            throw new UndecodableException(DeadLetterReasons.Malformed, exception.Message, exception);
        }

        if (message is null)
            throw new UndecodableException(DeadLetterReasons.NullValue, "The deserializer made no message of the value.");

        return new TopicMessage<T>(message, MessageIds.In(result), result.Offset, MessageTimes.Of(result));
    }
}
