using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Sets synchronous serializers.</summary>
public static class KafkaProducerConfiguratorExtensions
{
    /// <inheritdoc cref="IKafkaProducerConfigurator{TKey,T}.SetKeySerializer"/>
    public static void SetKeySerializer<TKey, T>(this IKafkaProducerConfigurator<TKey, T> configurator, ISerializer<TKey> serializer)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.SetKeySerializer(serializer.AsAsyncOverSync());
    }

    /// <inheritdoc cref="IKafkaProducerConfigurator{TKey,T}.SetValueSerializer"/>
    public static void SetValueSerializer<TKey, T>(this IKafkaProducerConfigurator<TKey, T> configurator, ISerializer<T> serializer)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.SetValueSerializer(serializer.AsAsyncOverSync());
    }
}
