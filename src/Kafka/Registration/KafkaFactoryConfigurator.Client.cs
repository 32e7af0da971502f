using Confluent.Kafka;
using MassTransit;
using MassTransit.Observables;

namespace IotBus.Kafka;

/// <content>What was said of the clients.</content>
internal sealed partial class KafkaFactoryConfigurator
{
    private readonly ClientConfig _client = new(new Dictionary<string, string>(client));
    private readonly ClientSecurity _security = new();
    private Acks? _acks;
    private bool _hosted;

    public List<Action<ISendPipeConfigurator>> SendConfigurations { get; } = [];

    public SendObservable SendObservers { get; } = new();

    public Action<IClient, string>? RefreshToken { get; private set; }

    public SecurityProtocol? SecurityProtocol { set => _client.SecurityProtocol = value; }

    public Acks? Acks { set => _acks = value; }

    public int? MessageMaxBytes { set => Producer.MaxMessageBytes = value ?? new ProducerSettings().MaxMessageBytes; }

    public int? MessageCopyMaxBytes { set => _client.MessageCopyMaxBytes = value; }

    public int? ReceiveMessageMaxBytes { set => _client.ReceiveMessageMaxBytes = value; }

    public int? MaxInFlight { set => _client.MaxInFlight = value; }

    public TimeSpan? TopicMetadataRefreshInterval { set => _client.TopicMetadataRefreshIntervalMs = Milliseconds(value); }

    public TimeSpan? TopicMetadataRefreshFastInterval { set => _client.TopicMetadataRefreshFastIntervalMs = Milliseconds(value); }

    public bool? TopicMetadataRefreshSparse { set => _client.TopicMetadataRefreshSparse = value; }

    public TimeSpan? MetadataMaxAge { set => _client.MetadataMaxAgeMs = Milliseconds(value); }

    public string TopicBlacklist { set => _client.TopicBlacklist = value; }

    public string Debug { set => _client.Debug = value; }

    public int? BrokerAddressTtl { set => _client.BrokerAddressTtl = value; }

    public BrokerAddressFamily? BrokerAddressFamily { set => _client.BrokerAddressFamily = value; }

    public TimeSpan? ReconnectBackoff { set => _client.ReconnectBackoffMs = Milliseconds(value); }

    public TimeSpan? ReconnectBackoffMax { set => _client.ReconnectBackoffMaxMs = Milliseconds(value); }

    public bool? LogConnectionClose { set => _client.LogConnectionClose = value; }

    public string ClientRack { set => _client.ClientRack = value; }

    public string PluginLibraryPaths { set => _client.PluginLibraryPaths = value; }

    public void Host(string server, Action<IKafkaHostConfigurator>? configure = null) => Host([server ?? ""], configure);

    public void Host(IReadOnlyList<string> servers, Action<IKafkaHostConfigurator>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(servers);
        if (_hosted)
            throw new ConfigurationException("Host was called twice: give all brokers in one call, separated by commas.");

        _hosted = true;
        _client.BootstrapServers = string.Join(',', servers);
        configure?.Invoke(new KafkaHostConfigurator(_client, _security));
    }

    public void ConfigureApi(Action<IKafkaApiConfigurator> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(new KafkaApiConfigurator(_client));
    }

    public void ConfigureSocket(Action<IKafkaSocketConfigurator> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(new KafkaSocketConfigurator(_client));
    }

    public void OAuthBearerTokenRefreshHandler(Action<IClient, string> handler) =>
        RefreshToken = handler ?? throw new ArgumentNullException(nameof(handler));

    public void ConfigureSend(Action<ISendPipeConfigurator> callback) =>
        SendConfigurations.Add(callback ?? throw new ArgumentNullException(nameof(callback)));

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => SendObservers.Connect(observer);

    /// <summary>The settings that every client shares.</summary>
    public ClientConfig ClientConfig()
    {
        var config = new ClientConfig
        {
            ClientId = ClientId,

            // A broker that comes back is found within a second.
            ReconnectBackoffMs = 50,
            ReconnectBackoffMaxMs = 1000,
        };
        foreach (var setting in _client)
            config.Set(setting.Key, setting.Value);

        foreach (var configure in _configureClient)
            configure(config);

        _security.Complete(config);
        return config;
    }

    private IEnumerable<(string Key, string Message)> ConnectionProblems()
    {
        var config = ClientConfig();
        if (string.IsNullOrWhiteSpace(config.BootstrapServers))
            yield return ("Host", "is not set: call Host(\"host:port\") in UsingKafka.");

        foreach (var problem in _security.Validate(config))
            yield return problem;
    }

    private IEnumerable<(string Key, string Message)> AcksProblems()
    {
        var acks = _acks ?? ClientConfig().Acks ?? Confluent.Kafka.Acks.All;
        if (acks != Confluent.Kafka.Acks.All)
        {
            yield return (
                "Acks",
                $"is {acks}, but the rider's idempotent producer waits for all in-sync replicas: remove it, or give the one producer that may lose "
                + $"messages a ProducerConfig with Acks {acks} and EnableIdempotence false.");
        }
    }

    private static int? Milliseconds(TimeSpan? value) => (int?)value?.TotalMilliseconds;
}
