using System.Reflection;
using Confluent.Kafka;
using IotBus.Kafka.Embedded;
using MassTransit;

namespace IotBus.Kafka;

/// <summary>What <see cref="IKafkaFactoryConfigurator"/> gathered.</summary>
internal sealed partial class KafkaFactoryConfigurator(ClientConfig client) : IKafkaFactoryConfigurator
{
    private readonly List<Action<ClientConfig>> _configureClient = [];

    public ProducerSettings Producer { get; } = new();

    public BacklogGuard? Guard { get; private set; }

    public List<ProducerDefinition> Producers { get; } = [];

    public List<TopicEndpointSpecification> Endpoints { get; } = [];

    public string? ClientId { get; set; } = Assembly.GetEntryAssembly()?.GetName().Name;

    public IKafkaSerializerFactory SerializerFactory { get; private set; } = new DefaultKafkaSerializerFactory();

    public IHeadersSerializer HeadersSerializer { get; private set; } = DictionaryHeadersSerialize.Serializer;

    public IHeadersDeserializer HeadersDeserializer { get; private set; } = DictionaryHeadersSerialize.Deserializer;

    public void SetSerializationFactory(IKafkaSerializerFactory factory) =>
        SerializerFactory = factory ?? throw new ArgumentNullException(nameof(factory));

    public void SetHeadersSerializer(IHeadersSerializer serializer) =>
        HeadersSerializer = serializer ?? throw new ArgumentNullException(nameof(serializer));

    public void SetHeadersDeserializer(IHeadersDeserializer deserializer) =>
        HeadersDeserializer = deserializer ?? throw new ArgumentNullException(nameof(deserializer));

    public void ConfigureClient(Action<ClientConfig> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _configureClient.Add(configure);
    }

    public void ConfigureProducer(Action<ProducerSettings> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(Producer);
    }

    public void GuardBacklog(BacklogGuard guard) => Guard = guard ?? throw new ArgumentNullException(nameof(guard));

    public void TopicEndpoint<T>(string topic, string group, Action<ITopicEndpointConfigurator<T>> configure)
        where T : class => TopicEndpoint([topic], group, configure);

    public void TopicEndpoint<T>(IEnumerable<string> topics, string group, Action<ITopicEndpointConfigurator<T>> configure)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configure);
        TopicEndpoint<Ignore, T>(topics, group, configure);
    }

    public void TopicEndpoint<TKey, T>(string topic, string group, Action<ITopicEndpointConfigurator<TKey, T>> configure)
        where T : class => TopicEndpoint([topic], group, configure);

    public void TopicEndpoint<TKey, T>(IEnumerable<string> topics, string group, Action<ITopicEndpointConfigurator<TKey, T>> configure)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configure);
        Endpoints.Add(new TopicEndpointSpecification<TKey, T>([.. topics], new ConsumerConfig { GroupId = group }, configure));
    }

    public void TopicEndpoint<T>(string topic, ConsumerConfig consumerConfig, Action<ITopicEndpointConfigurator<T>> configure)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configure);
        TopicEndpoint<Ignore, T>(topic, consumerConfig, configure);
    }

    public void TopicEndpoint<TKey, T>(string topic, ConsumerConfig consumerConfig, Action<ITopicEndpointConfigurator<TKey, T>> configure)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(consumerConfig);
        ArgumentNullException.ThrowIfNull(configure);
        Endpoints.Add(new TopicEndpointSpecification<TKey, T>([topic], consumerConfig, configure));
    }

    /// <param name="connects">Whether it matters where the brokers are and how they are reached.</param>
    public IEnumerable<(string Key, string Message)> Validate(bool connects = true)
    {
        foreach (var problem in connects ? ConnectionProblems() : [])
            yield return problem;

        foreach (var problem in AcksProblems())
            yield return problem;

        foreach (var problem in Producer.Validate())
            yield return problem;

        foreach (var problem in Producers.SelectMany(producer => producer.Validate()))
            yield return problem;

        foreach (var name in Endpoints.GroupBy(endpoint => endpoint.Name).Where(same => same.Count() > 1).Select(same => same.Key))
            yield return ("TopicEndpoint", $"{name} is configured twice: give one of them another group, or both consumers to one endpoint.");
    }
}
