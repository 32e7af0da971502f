namespace IotBus.Kafka;

/// <summary>Makes and describes topics. Thread-safe.</summary>
public interface ITopicAdministration
{
    /// <summary>
    /// Creates a topic unless it exists, and returns what there is then. One that exists stays as it is, whatever the definition says.
    /// </summary>
    /// <exception cref="KafkaUnavailableException">The broker does not answer; try again.</exception>
    /// <exception cref="Confluent.Kafka.KafkaException">The broker refuses it, for its name, its configuration or for lack of
    /// rights.</exception>
    Task<TopicInfo> CreateIfMissingAsync(TopicDefinition topic, CancellationToken cancellationToken = default);

    /// <summary>Describes a topic; null when there is none.</summary>
    /// <exception cref="KafkaUnavailableException">The broker does not answer; try again.</exception>
    Task<TopicInfo?> DescribeAsync(string topic, CancellationToken cancellationToken = default);
}
