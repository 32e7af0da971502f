using MassTransit;
using MassTransit.Transports;

namespace IotBus.Kafka;

/// <summary>The Kafka rider of a bus. It starts and stops with the bus.</summary>
public interface IKafkaRider : IRiderControl
{
    /// <summary>The producer registered for these types. Thread-safe, and the same for the life of the rider.</summary>
    /// <exception cref="MassTransit.ConfigurationException">None was registered with <c>AddProducer</c>.</exception>
    ITopicProducer<TKey, T> GetProducer<TKey, T>()
        where T : class;

    /// <summary>
    /// Adds a topic endpoint to the rider, configured as in <c>UsingKafka</c>. It starts at once if the bus runs, and with it otherwise.
    /// </summary>
    /// <returns>Tells when it has joined its group, and stops it.</returns>
    /// <exception cref="MassTransit.ConfigurationException">It is configured wrongly, or the topic has an endpoint of this group.</exception>
    HostReceiveEndpointHandle ConnectTopicEndpoint<T>(
        string topic, string group, Action<IRiderRegistrationContext, ITopicEndpointConfigurator<T>> configure)
        where T : class;

    /// <inheritdoc cref="ConnectTopicEndpoint{T}"/>
    HostReceiveEndpointHandle ConnectTopicEndpoint<TKey, T>(
        string topic, string group, Action<IRiderRegistrationContext, ITopicEndpointConfigurator<TKey, T>> configure)
        where T : class;
}
