namespace IotBus.Kafka;

/// <summary>How missing topics are made.</summary>
public sealed class KafkaTopicOptions
{
    /// <summary>How many partitions, at least 1; 1 by default.</summary>
    public int NumPartitions { get; set; } = 1;

    /// <summary>How many brokers keep each partition; the brokers' default when null.</summary>
    public short? ReplicationFactor { get; set; }

    /// <summary>Kafka's topic configuration, such as <c>retention.ms</c>. Not for dead-letter topics.</summary>
    public IDictionary<string, string> Configuration { get; } = new Dictionary<string, string>();

    /// <summary>Kafka's topic configuration of the dead-letter topics. They are kept for 30 days by default.</summary>
    public IDictionary<string, string> DeadLetterConfiguration { get; } = new Dictionary<string, string> { ["retention.ms"] = "2592000000" };
}
