using Confluent.Kafka;
using MassTransit;

namespace IotBus.Kafka;

/// <content>
/// How all clients of the rider behave towards the brokers. What is not set is librdkafka's default, unless it is said otherwise.
/// </content>
public partial interface IKafkaFactoryConfigurator : ISendPipelineConfigurator, ISendObserverConnector
{
    /// <summary>The brokers to ask first, <c>host:port</c>, several separated by commas, and how to reach them.</summary>
    void Host(string server, Action<IKafkaHostConfigurator>? configure = null);

    /// <summary>The brokers to ask first, each <c>host:port</c>, and how to reach them.</summary>
    void Host(IReadOnlyList<string> servers, Action<IKafkaHostConfigurator>? configure = null);

    /// <summary>Whether connections are encrypted and who they are from is said.</summary>
    SecurityProtocol? SecurityProtocol { set; }

    /// <summary>
    /// All, or not set: the rider's producer is idempotent, which needs the acknowledgement of all in-sync replicas. Anything else fails at the start. A
    /// producer that may lose messages has its own <see cref="ProducerConfig"/>, with <c>EnableIdempotence</c> false.
    /// </summary>
    Acks? Acks { set; }

    /// <inheritdoc cref="ProducerSettings.MaxMessageBytes"/>
    int? MessageMaxBytes { set; }

    int? MessageCopyMaxBytes { set; }

    int? ReceiveMessageMaxBytes { set; }

    /// <summary>Requests under way to one broker; an idempotent producer takes 5 at most.</summary>
    int? MaxInFlight { set; }

    TimeSpan? TopicMetadataRefreshInterval { set; }

    TimeSpan? TopicMetadataRefreshFastInterval { set; }

    bool? TopicMetadataRefreshSparse { set; }

    TimeSpan? MetadataMaxAge { set; }

    string TopicBlacklist { set; }

    /// <summary>librdkafka's debug contexts, such as <c>security,broker</c>; its lines come at the level Debug.</summary>
    string Debug { set; }

    /// <summary>Milliseconds.</summary>
    int? BrokerAddressTtl { set; }

    BrokerAddressFamily? BrokerAddressFamily { set; }

    /// <summary>The pause before the first try to connect again; 50 ms unless set.</summary>
    TimeSpan? ReconnectBackoff { set; }

    /// <summary>The longest pause before a try to connect again; 1 s unless set.</summary>
    TimeSpan? ReconnectBackoffMax { set; }

    bool? LogConnectionClose { set; }

    /// <summary>Where the client stands, for brokers that let it read from the nearest replica.</summary>
    string ClientRack { set; }

    string PluginLibraryPaths { set; }

    void ConfigureApi(Action<IKafkaApiConfigurator> configure);

    void ConfigureSocket(Action<IKafkaSocketConfigurator> configure);

    /// <summary>Gets a new token for SASL's OAuthBearer; called on a client's own thread when the old one ends.</summary>
    void OAuthBearerTokenRefreshHandler(Action<IClient, string> handler);
}
