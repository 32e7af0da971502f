namespace IotBus.Kafka;

/// <summary>How the client learns what a broker can. For brokers older than 0.10 only.</summary>
public interface IKafkaApiConfigurator
{
    bool? Request { set; }

    TimeSpan? RequestTimeout { set; }

    TimeSpan? FallbackTimeout { set; }

    string BrokerVersionFallback { set; }
}
