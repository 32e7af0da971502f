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
    private readonly TopicEndpoint[] _endpoints;
    private readonly ProducerSettings _producerSettings;
    private readonly BacklogGuard? _guard;
    private readonly ILogger _producerLogger;
    private volatile KafkaProducer? _producer;

    public KafkaRider(IRiderRegistrationContext context, KafkaFactoryConfigurator configurator, IBusInstance bus)
    {
        Librdkafka.EnsureLoaded();
        Client = configurator.ClientConfig();
        Loggers = context.GetRequiredService<ILoggerFactory>();
        _producerSettings = configurator.Producer;
        _guard = configurator.Guard ?? context.GetService<BacklogGuard>();
        _producerLogger = Loggers.CreateLogger<KafkaProducer>();
        foreach (var producer in configurator.Producers)
            _producers.Add(producer.ServiceType, producer.Create(this, bus));

        _endpoints = [.. configurator.Endpoints.Select(endpoint => endpoint.Create(this, bus))];
    }

    public ClientConfig Client { get; }

    public ILoggerFactory Loggers { get; }

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
        foreach (var endpoint in _endpoints)
            endpoint.Start();

        return new Handle(this);
    }

    public IEnumerable<EndpointHealthResult> CheckEndpointHealth() => _endpoints.Select(endpoint => endpoint.CheckHealth());

    private async Task StopAsync()
    {
        await Task.WhenAll(_endpoints.Select(endpoint => endpoint.StopAsync())).ConfigureAwait(false);

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
