using Confluent.Kafka;

namespace IotBus.Kafka;

/// <inheritdoc/>
internal sealed class KafkaApiConfigurator(ClientConfig client) : IKafkaApiConfigurator
{
    public bool? Request { set => client.ApiVersionRequest = value; }

    public TimeSpan? RequestTimeout { set => client.ApiVersionRequestTimeoutMs = (int?)value?.TotalMilliseconds; }

    public TimeSpan? FallbackTimeout { set => client.ApiVersionFallbackMs = (int?)value?.TotalMilliseconds; }

    public string BrokerVersionFallback { set => client.BrokerVersionFallback = value; }
}
