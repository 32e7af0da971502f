using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>What a rider's messages go to and come from. Thread-safe.</summary>
internal interface IKafkaCluster
{
    /// <summary>Makes missing topics.</summary>
    ITopicAdministration Administration { get; }

    /// <param name="config">What the producer has otherwise than the rider's settings.</param>
    /// <exception cref="MassTransit.ConfigurationException">A setting is refused; the message names it.</exception>
    IRecordProducer CreateProducer(ProducerConfig config);

    /// <summary>Makes a member of the endpoint's group.</summary>
    /// <exception cref="MassTransit.ConfigurationException">A setting is refused; the message names it.</exception>
    IConsumerSession CreateSession(TopicEndpoint endpoint);

    /// <summary>The rider has stopped.</summary>
    void Stop();
}
