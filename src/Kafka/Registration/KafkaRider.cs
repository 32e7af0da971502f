using Confluent.Kafka;
using IotBus.Kafka.Embedded;
using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <inheritdoc/>
internal sealed class KafkaRider : IKafkaRider
{
    private readonly Dictionary<Type, object> _producers = [];
    private readonly List<TopicEndpoint> _endpoints;
    private readonly Lock _lock = new();
    private readonly IRiderRegistrationContext _context;
    private readonly IBusInstance _bus;
    private readonly Lazy<KafkaTopicAdministration> _administration;
    private bool _started;
    private readonly ProducerSettings _producerSettings;
    private readonly BacklogGuard? _guard;
    private readonly ILogger _producerLogger;
    private volatile KafkaProducer? _producer;

    public KafkaRider(IRiderRegistrationContext context, KafkaFactoryConfigurator configurator, IBusInstance bus)
    {
        Librdkafka.EnsureLoaded();
        Client = configurator.ClientConfig();
        Loggers = context.GetRequiredService<ILoggerFactory>();
        Serializers = configurator.SerializerFactory;
        Headers = configurator.HeadersDeserializer;
        _context = context;
        _administration = new Lazy<KafkaTopicAdministration>(() => new KafkaTopicAdministration(Client.BootstrapServers, config =>
        {
            foreach (var (name, value) in Client)
                config.Set(name, value);
        }));
        _bus = bus;
        _producerSettings = configurator.Producer;
        _guard = configurator.Guard ?? context.GetService<BacklogGuard>();
        _producerLogger = Loggers.CreateLogger<KafkaProducer>();
        foreach (var producer in configurator.Producers)
            _producers.Add(producer.ServiceType, producer.Create(this, bus));

        _endpoints = [.. configurator.Endpoints.Select(endpoint => endpoint.Create(this, bus))];
    }

    public ClientConfig Client { get; }

    public ILoggerFactory Loggers { get; }

    public IKafkaSerializerFactory Serializers { get; }

    public IHeadersDeserializer Headers { get; }

    /// <summary>Makes missing topics: what the application registered, or a client with the rider's settings.</summary>
    public ITopicAdministration Administration =>
        _context.GetService<ITopicAdministration>() ?? _administration.Value;

    /// <exception cref="InvalidOperationException">The bus is not started.</exception>
    public KafkaProducer Producer => _producer ?? throw new InvalidOperationException("The Kafka rider does not run: start the bus first.");

    public ITopicProducer<TKey, T> GetProducer<TKey, T>()
        where T : class =>
        _producers.TryGetValue(typeof(ITopicProducer<TKey, T>), out var producer)
            ? (ITopicProducer<TKey, T>)producer
            : throw new ConfigurationException(
                $"There is no producer of {typeof(T).Name} with a key of type {typeof(TKey).Name}: "
                + $"call AddProducer<{typeof(TKey).Name}, {typeof(T).Name}>(\"topic\") in AddRider.");

    public RiderHandle Start(CancellationToken cancellationToken = default)
    {
        _producer ??= new KafkaProducer(Client, _producerSettings, _guard, _producerLogger);
        lock (_lock)
        {
            _started = true;
            foreach (var endpoint in _endpoints)
                endpoint.Start();
        }

        return new Handle(this);
    }

    public HostReceiveEndpointHandle ConnectTopicEndpoint<T>(
        string topic, string group, Action<IRiderRegistrationContext, ITopicEndpointConfigurator<T>> configure)
        where T : class => ConnectTopicEndpoint<Ignore, T>(topic, group, configure);

    public HostReceiveEndpointHandle ConnectTopicEndpoint<TKey, T>(
        string topic, string group, Action<IRiderRegistrationContext, ITopicEndpointConfigurator<TKey, T>> configure)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configure);
        var specification = new TopicEndpointSpecification<TKey, T>([topic], group, endpoint => configure(_context, endpoint));
        var endpoint = specification.Create(this, _bus);
        lock (_lock)
        {
            if (_endpoints.Any(other => other.Definition.Name == endpoint.Definition.Name))
                throw new ConfigurationException($"{endpoint.Definition.Name} is there already: give the new endpoint another group, or stop the other first.");

            _endpoints.Add(endpoint);
            if (_started)
                endpoint.Start();
        }

        return new ConnectedTopicEndpoint(this, endpoint);
    }

    public IEnumerable<EndpointHealthResult> CheckEndpointHealth()
    {
        lock (_lock)
            return [.. _endpoints.Select(endpoint => endpoint.CheckHealth())];
    }

    /// <summary>Stops an endpoint that was connected.</summary>
    public async Task RemoveAsync(TopicEndpoint endpoint)
    {
        await endpoint.StopAsync().ConfigureAwait(false);
        lock (_lock)
            _endpoints.Remove(endpoint);
    }

    private async Task StopAsync()
    {
        TopicEndpoint[] endpoints;
        lock (_lock)
        {
            _started = false;
            endpoints = [.. _endpoints];
        }

        await Task.WhenAll(endpoints.Select(endpoint => endpoint.StopAsync())).ConfigureAwait(false);
        if (_administration.IsValueCreated)
            _administration.Value.Dispose();

        // After the endpoints, which send dead letters until they have stopped. It may wait for its last messages.
        if (Interlocked.Exchange(ref _producer, null) is { } producer)
            await Task.Run(producer.Dispose).ConfigureAwait(false);
    }

    private sealed class Handle(KafkaRider rider) : RiderHandle
    {
        // The bus does not wait for the brokers: a rider that cannot reach them yet keeps trying and says so in its health.
        public Task Ready => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => rider.StopAsync();
    }
}
