using Confluent.Kafka;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Headers = Confluent.Kafka.Headers;
using Partition = Confluent.Kafka.Partition;

namespace IotBus.Kafka;

/// <inheritdoc/>
internal sealed class KafkaRider : IKafkaRider
{
    private readonly ProducerClients _clients;
    private readonly RiderProducers _producers;
    private readonly ScheduledMessages _scheduled;
    private readonly List<TopicEndpoint> _endpoints;
    private readonly Lock _lock = new();
    private readonly IRiderRegistrationContext _context;
    private readonly IBusInstance _bus;
    private bool _started;

    public KafkaRider(IRiderRegistrationContext context, KafkaFactoryConfigurator configurator, IBusInstance bus)
    {
        Cluster = context.GetService<InMemoryKafka>() is { } memory
            ? new InMemoryCluster(memory, configurator.Producer)
            : new BrokerCluster(context, configurator);
        Loggers = context.GetRequiredService<ILoggerFactory>();
        Scopes = context.GetRequiredService<IServiceScopeFactory>();
        SchedulesRedelivery = context.GetService<IScheduledDelivery>() is not null;
        Serializers = configurator.SerializerFactory;
        Headers = configurator.HeadersDeserializer;
        _context = context;
        _bus = bus;
        _clients = new ProducerClients(Cluster);
        _producers = new RiderProducers(new ProducerHost(configurator, _clients, bus), configurator.Producers);

        _scheduled = new ScheduledMessages(_producers.Host);
        _endpoints = [.. configurator.Endpoints.Select(endpoint => endpoint.Create(this, bus))];
    }

    public IKafkaCluster Cluster { get; }

    public ILoggerFactory Loggers { get; }

    /// <summary>Makes the scopes of consumers.</summary>
    public IServiceScopeFactory Scopes { get; }

    /// <summary>Whether what is scheduled for endpoints comes to them.</summary>
    public bool SchedulesRedelivery { get; }

    public IKafkaSerializerFactory Serializers { get; }

    public IHeadersDeserializer Headers { get; }

    /// <exception cref="InvalidOperationException">The bus is not started.</exception>
    public IRecordProducer Producer => _clients.Shared.Producer;

    public ITopicProducer<TKey, T> GetProducer<TKey, T>()
        where T : class => _producers.Get<TKey, T>();

    public ITopicProducer<TKey, T> GetProducer<TKey, T>(Uri address)
        where T : class => _producers.Get<TKey, T>(_producers.TopicOf(address));

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => _producers.Host.Observers.Connect(observer);

    public bool IsTopic(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return KafkaAddress.TryGetTopic(address, out _);
    }

    public Task SendAsync(OutboxMessageContext message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(message.DestinationAddress, nameof(message));
        return SendAsync(StoredRecord.Read(message, _producers.TopicOf(message.DestinationAddress)), cancellationToken);
    }

    public IReadOnlyList<Task> SendAll(IReadOnlyList<OutboxMessageContext> messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return StoredLanes.Start(messages, message => SendAsync(message, cancellationToken));
    }

    public Task SendAsync(
        Uri destination, byte[]? key, byte[]? value, Headers? headers = null, Partition? partition = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var record = new TopicRecord(_producers.TopicOf(destination), partition ?? Partition.Any, key, value, headers ?? []);
        return SendAsync(record, cancellationToken);
    }

    public bool IsEndpoint(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return KafkaAddress.TryGetGroup(address, out _);
    }

    public Task DispatchAsync(OutboxMessageContext message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(message.DestinationAddress, nameof(message));
        return FindStored(message.DestinationAddress, StoredOrigin.TopicOf(message)) is { } stored
            ? stored.DispatchAsync(message, cancellationToken)
            : throw new InvalidOperationException(
                $"{message.DestinationAddress} is no topic endpoint of this process while the bus runs, or one that takes batches: whoever delivers its "
                + "messages must have it.");
    }

    public IReadOnlyList<Task> DispatchAll(IReadOnlyList<OutboxMessageContext> messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return StoredLanes.Start(messages, message => DispatchAsync(message, cancellationToken));
    }

    public bool HasEndpoint(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return FindStored(address, topic: null) is not null;
    }

    public Task<SendContext<T>> CaptureAsync<T>(
        Uri destination, T message, IPipe<SendContext<T>> pipe, ConsumeContext? consuming = null, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(pipe);
        if (consuming is not null && consuming.TryGetPayload(out TopicReceiveContext? came) && came.InputAddress == destination)
            destination = came.EndpointAddress;

        return KafkaAddress.TryGetGroup(destination, out var group)
            ? _scheduled.CaptureAsync(group, KafkaAddress.FirstTopicOf(destination), message, pipe, consuming, cancellationToken)
            : _producers.Capturing<T>(_producers.TopicOf(destination)).CaptureAsync(new ProduceScope(null, consuming), message, pipe, cancellationToken);
    }

    public RiderHandle Start(CancellationToken cancellationToken = default)
    {
        try
        {
            _clients.Start();
            lock (_lock)
            {
                _started = true;
                foreach (var endpoint in _endpoints)
                    endpoint.Start();
            }
        }
        catch
        {
            // A bus does not stop what did not start: the endpoints before the one that failed would go on consuming.
            StopAsync().GetAwaiter().GetResult();
            throw;
        }

        return new Handle(this);
    }

    public HostReceiveEndpointHandle ConnectTopicEndpoint<T>(
        string topic, string group, Action<IRiderRegistrationContext, ITopicEndpointConfigurator<T>> configure)
        where T : class => ConnectTopicEndpoint<Ignore, T>(topic, group, configure);

    public HostReceiveEndpointHandle ConnectTopicEndpoint<T>(
        string topic, ConsumerConfig consumerConfig, Action<IRiderRegistrationContext, ITopicEndpointConfigurator<T>> configure)
        where T : class => ConnectTopicEndpoint<Ignore, T>(topic, consumerConfig, configure);

    public HostReceiveEndpointHandle ConnectTopicEndpoint<TKey, T>(
        string topic, string group, Action<IRiderRegistrationContext, ITopicEndpointConfigurator<TKey, T>> configure)
        where T : class => ConnectTopicEndpoint(topic, new ConsumerConfig { GroupId = group }, configure);

    public HostReceiveEndpointHandle ConnectTopicEndpoint<TKey, T>(
        string topic, ConsumerConfig consumerConfig, Action<IRiderRegistrationContext, ITopicEndpointConfigurator<TKey, T>> configure)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(consumerConfig);
        ArgumentNullException.ThrowIfNull(configure);
        var specification = new TopicEndpointSpecification<TKey, T>([topic], consumerConfig, endpoint => configure(_context, endpoint));
        var endpoint = specification.Create(this, _bus);
        lock (_lock)
        {
            if (_endpoints.Any(other => other.Definition.Name == endpoint.Definition.Name))
                throw new ConfigurationException($"{endpoint.Definition.Name} is there already: give the new endpoint another group, or stop the other first.");

            if (_started)
                endpoint.Start();

            _endpoints.Add(endpoint);
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
        endpoint.Retire();
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
        Cluster.Stop();

        // After the endpoints, which send dead letters until they have stopped.
        await _clients.StopAsync().ConfigureAwait(false);
    }

    /// <summary>Of several endpoints of the group the one that consumes the topic.</summary>
    private StoredDispatch? FindStored(Uri address, string? topic)
    {
        if (!KafkaAddress.TryGetGroup(address, out var group))
            return null;

        lock (_lock)
        {
            if (!_started)
                return null;

            var members = _endpoints.FindAll(endpoint => endpoint.Stored is not null && endpoint.Definition.Group == group);
            var member = topic is not null && members.Count > 1 ? members.Find(endpoint => TopicName.IsAmong(topic, endpoint.Definition.Topics)) : null;
            return (member ?? members.FirstOrDefault())?.Stored;
        }
    }

    private async Task SendAsync(TopicRecord record, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var activity = KafkaActivities.StartSend(record.Topic);
        KafkaActivities.Tell(activity, record);
        try
        {
            await Producer.Produce(record.Topic, record.ToMessage(), partition: record.Partition).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            KafkaActivities.Fail(activity, exception);
            throw;
        }
    }

    private sealed class Handle(KafkaRider rider) : RiderHandle
    {
        // The bus does not wait for the brokers: a rider that cannot reach them yet keeps trying and says so in its health.
        public Task Ready => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => rider.StopAsync();
    }
}
