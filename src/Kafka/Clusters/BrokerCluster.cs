using Confluent.Kafka;
using IotBus.Kafka.Embedded;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>Brokers, reached with librdkafka.</summary>
internal sealed class BrokerCluster : IKafkaCluster
{
    private readonly ClientConfig _client;
    private readonly ProducerSettings _settings;
    private readonly BacklogGuard? _guard;
    private readonly Action<IClient, string>? _refreshToken;
    private readonly IServiceProvider _services;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private KafkaTopicAdministration? _administration;

    public BrokerCluster(IRiderRegistrationContext context, KafkaFactoryConfigurator configurator)
    {
        Librdkafka.EnsureLoaded();
        _client = configurator.ClientConfig();
        _settings = configurator.Producer;
        _guard = configurator.Guard ?? context.GetService<BacklogGuard>();
        _refreshToken = configurator.RefreshToken;
        _services = context;
        _logger = context.GetRequiredService<ILoggerFactory>().CreateLogger<KafkaProducer>();
    }

    /// <summary>What the application registered, or a client with the rider's settings.</summary>
    public ITopicAdministration Administration => _services.GetService<ITopicAdministration>() ?? Own();

    public IRecordProducer CreateProducer(ProducerConfig config) =>
        new KafkaProducer(_client, _settings, config, _guard, _refreshToken, _logger, TimeProvider.System);

    public IConsumerSession CreateSession(TopicEndpoint endpoint) =>
        new ConsumerSession(endpoint, ConsumerSettings.Of(_client, endpoint.Definition), _refreshToken);

    public void Stop()
    {
        lock (_lock)
        {
            _administration?.Dispose();
            _administration = null;
        }
    }

    private KafkaTopicAdministration Own()
    {
        lock (_lock)
        {
            return _administration ??= new KafkaTopicAdministration(_client.BootstrapServers, config =>
            {
                foreach (var (name, value) in _client)
                    config.Set(name, value);
            });
        }
    }
}
