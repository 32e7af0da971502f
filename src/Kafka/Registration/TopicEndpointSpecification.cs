using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports;

namespace IotBus.Kafka;

/// <summary>A topic endpoint until the bus exists, whose parts its configuration needs.</summary>
internal abstract class TopicEndpointSpecification(string[] topics, string group)
{
    /// <summary>Names the endpoint in logs, errors and addresses.</summary>
    public string Name => $"{string.Join('+', Topics)}/{Group}";

    protected string[] Topics { get; } = topics;

    protected string Group { get; } = group;

    /// <summary>Runs the endpoint's configuration and makes the endpoint, stopped.</summary>
    /// <exception cref="ConfigurationException">It is wrong; the message says what to change.</exception>
    public abstract TopicEndpoint Create(KafkaRider rider, IBusInstance bus);
}

/// <inheritdoc/>
internal sealed class TopicEndpointSpecification<TKey, T>(string[] topics, string group, Action<ITopicEndpointConfigurator<TKey, T>> configure)
    : TopicEndpointSpecification(topics, group)
    where T : class
{
    public override TopicEndpoint Create(KafkaRider rider, IBusInstance bus)
    {
        var endpoint = bus.HostConfiguration.CreateReceiveEndpointConfiguration($"kafka/{Name}");
        var configuration = new TopicEndpointConfiguration<TKey, T>(bus, endpoint, Topics, Group);
        configure(configuration);
        configuration.Validate().ThrowIfContainsFailure($"The topic endpoint {Name} is configured wrongly:");
        return configuration.Build(rider);
    }
}
