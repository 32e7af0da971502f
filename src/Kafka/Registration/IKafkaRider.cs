using MassTransit.Transports;

namespace IotBus.Kafka;

/// <summary>The Kafka rider of a bus. It starts and stops with the bus.</summary>
public interface IKafkaRider : IRiderControl
{
    /// <summary>The producer registered for these types. Thread-safe, and the same for the life of the rider.</summary>
    /// <exception cref="MassTransit.ConfigurationException">None was registered with <c>AddProducer</c>.</exception>
    ITopicProducer<TKey, T> GetProducer<TKey, T>()
        where T : class;
}
