using Confluent.Kafka;
using IotBus.Kafka.Embedded;

namespace IotBus.Kafka;

/// <summary>Administration of the embedded broker's topics: they are made by a call instead of a request, which it does not know.</summary>
public sealed class EmbeddedTopicAdministration(EmbeddedKafka broker) : ITopicAdministration, IDisposable
{
    private readonly KafkaTopicAdministration _requests = new(broker.BootstrapServers);

    public async Task<TopicInfo> CreateIfMissingAsync(TopicDefinition topic, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        try
        {
            if (broker.PartitionsOf(topic.Name) is null)
                broker.CreateTopic(topic.Name, topic.Partitions, topic.Replication ?? 1);
        }
        catch (KafkaException exception) when (exception.Error.Code == ErrorCode.TopicAlreadyExists)
        {
            // Another call was faster, or a client asked for it before it was made.
        }

        return await _requests.DescribeAsync(topic.Name, cancellationToken).ConfigureAwait(false)
            ?? throw new KafkaUnavailableException($"The embedded Kafka does not serve '{topic.Name}'.");
    }

    public Task<TopicInfo?> DescribeAsync(string topic, CancellationToken cancellationToken = default) => _requests.DescribeAsync(topic, cancellationToken);

    public void Dispose() => _requests.Dispose();
}
