using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Reads keys, and says which one when it cannot.</summary>
internal static class KeyReader
{
    /// <exception cref="FormatException">The key is none of this type.</exception>
    public static TKey Read<TKey>(IDeserializer<TKey> keys, ConsumeResult<byte[], byte[]> result)
    {
        var context = new SerializationContext(MessageComponentType.Key, result.Topic, result.Message.Headers);
        try
        {
            return keys.Deserialize(result.Message.Key, result.Message.Key is null, context);
        }
        catch (Exception exception) when (exception is not FormatException)
        {
            throw new FormatException(
                $"The key of {result.Topic}[{result.Partition.Value}] offset {result.Offset.Value} is no {typeof(TKey).Name}: {exception.Message}",
                exception);
        }
    }
}
