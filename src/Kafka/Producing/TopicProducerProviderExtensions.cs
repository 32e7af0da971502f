using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Producers without keys, or with keys from the message, for topics that are known only when the program runs.</summary>
public static class TopicProducerProviderExtensions
{
    /// <summary>A producer whose messages have no key.</summary>
    /// <exception cref="ArgumentException">It is no address of a topic of this rider.</exception>
    public static ITopicProducer<T> GetProducer<T>(this ITopicProducerProvider provider, Uri address)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(provider);
        return new KeyedTopicProducer<Null, T>(provider.GetProducer<Null, T>(address), keyOf: null);
    }

    /// <summary>A producer that takes each message's key from it.</summary>
    /// <exception cref="ArgumentException">It is no address of a topic of this rider.</exception>
    public static ITopicProducer<T> GetProducer<TKey, T>(this ITopicProducerProvider provider, Uri address, KafkaKeyResolver<TKey, T> keyResolver)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(keyResolver);
        return new KeyedTopicProducer<TKey, T>(provider.GetProducer<TKey, T>(address), keyResolver);
    }
}
