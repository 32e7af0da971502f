using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Lets Confluent's synchronous serializers stand where asynchronous ones are expected.</summary>
public static class KafkaSerializerExtensions
{
    /// <summary>The same serializer, as an asynchronous one.</summary>
    public static IAsyncSerializer<T> AsAsyncOverSync<T>(this ISerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        return new AsyncSerializer<T>(serializer);
    }
}
