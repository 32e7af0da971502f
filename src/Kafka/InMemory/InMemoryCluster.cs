using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>The memory of this process. Loads no client.</summary>
internal sealed class InMemoryCluster(InMemoryKafka kafka, ProducerSettings settings) : IKafkaCluster
{
    public ITopicAdministration Administration => kafka;

    public IRecordProducer CreateProducer(ProducerConfig config) => new InMemoryProducer(kafka, config.MessageMaxBytes ?? settings.MaxMessageBytes);

    public IConsumerSession CreateSession(TopicEndpoint endpoint) => new InMemoryConsumerSession(kafka, endpoint);

    public void Stop()
    {
        // What is on the topics stays, for who looks at it.
    }
}
