using MassTransit;

namespace IotBus.Kafka;

/// <summary>
/// Finds producers for topics that are known only when the program runs. Scoped in the container, as the producers are; the rider itself gives those that
/// belong to no consumer. Thread-safe.
/// </summary>
public interface ITopicProducerProvider : ISendObserverConnector
{
    /// <summary>
    /// The producer that <c>AddProducer</c> configured for the topic and these types; else one with the rider's defaults. Cheap after the first time:
    /// all share the rider's client.
    /// </summary>
    /// <param name="address"><c>topic:name</c>, or an address of the rider as <c>DestinationAddress</c> tells it.</param>
    /// <exception cref="ArgumentException">It is no address of a topic of this rider.</exception>
    ITopicProducer<TKey, T> GetProducer<TKey, T>(Uri address)
        where T : class;
}
