using Confluent.Kafka;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports;

namespace IotBus.Kafka;

/// <summary>A topic endpoint until the bus exists, whose parts its configuration needs.</summary>
internal abstract class TopicEndpointSpecification(string[] topics, ConsumerConfig client)
{
    /// <summary>Names the endpoint in logs, errors and addresses.</summary>
    public string Name => $"{string.Join('+', Topics)}/{Client.GroupId}";

    protected string[] Topics { get; } = topics;

    /// <summary>The group, and what is said of the client to begin with.</summary>
    protected ConsumerConfig Client { get; } = client;

    /// <summary>Runs the endpoint's configuration and makes the endpoint, stopped.</summary>
    /// <exception cref="ConfigurationException">It is wrong; the message says what to change.</exception>
    public abstract TopicEndpoint Create(KafkaRider rider, IBusInstance bus);
}

/// <inheritdoc/>
internal sealed class TopicEndpointSpecification<TKey, T>(string[] topics, ConsumerConfig client, Action<ITopicEndpointConfigurator<TKey, T>> configure)
    : TopicEndpointSpecification(topics, client)
    where T : class
{
    public override TopicEndpoint Create(KafkaRider rider, IBusInstance bus)
    {
        var endpoint = bus.HostConfiguration.CreateReceiveEndpointConfiguration($"kafka/{Name}");
        var configuration = new TopicEndpointConfiguration<TKey, T>(bus, endpoint, Topics, Client);
        configure(configuration);
        configuration.Validate().ThrowIfContainsFailure($"The topic endpoint {Name} is configured wrongly:");
        return configuration.Build(rider);
    }
}
