using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>
/// Configures the producer of a topic. What is set here beside <see cref="SetHeadersSerializer"/> gives it a client of its own, with connections, queue
/// and thread: what need not differ is better set once, with <see cref="IKafkaFactoryConfigurator.ConfigureProducer"/>. Unset, the rider's
/// <see cref="ProducerSettings"/> apply.
/// </summary>
public interface IKafkaProducerConfigurator
{
    /// <summary>How many messages a batch has at most; librdkafka's default is 10,000.</summary>
    int? BatchNumMessages { set; }

    /// <inheritdoc cref="ProducerSettings.Compression"/>
    CompressionType? CompressionType { set; }

    /// <summary>The codec's own scale; −1 is its default.</summary>
    int? CompressionLevel { set; }

    /// <summary>How many requests may wait for a broker before the batches grow; librdkafka's default is 1.</summary>
    int? QueueBufferingBackpressureThreshold { set; }

    /// <inheritdoc cref="ProducerSettings.Linger"/>
    TimeSpan? Linger { set; }

    /// <inheritdoc cref="ProducerSettings.MaxQueuedKibibytes"/>
    int? QueueBufferingMaxKbytes { set; }

    /// <inheritdoc cref="ProducerSettings.MaxQueuedMessages"/>
    int? QueueBufferingMaxMessages { set; }

    /// <summary>The pause before a request is tried again; librdkafka's default is 100 ms.</summary>
    TimeSpan? RetryBackoff { set; }

    /// <summary>How often a message is tried again within <see cref="MessageTimeout"/>; without end by default.</summary>
    int? MessageSendMaxRetries { set; }

    /// <summary>
    /// False gives up that each message is on the topic once and in order; only then may a <see cref="ProducerConfig"/> have other <c>Acks</c> than all.
    /// True by default.
    /// </summary>
    bool? EnableIdempotence { set; }

    /// <summary>When a message failed, those that wait behind it fail too, so that no gap is written; a new client goes on. False by default.</summary>
    bool? EnableGaplessGuarantee { set; }

    /// <summary><c>murmur2_random</c> by default, as Java's and Python's clients choose.</summary>
    Partitioner? Partitioner { set; }

    /// <inheritdoc cref="ProducerSettings.DeliveryTimeout"/>
    TimeSpan? MessageTimeout { set; }

    /// <summary>How long a broker may take for one request; librdkafka's default is 30 s.</summary>
    TimeSpan? RequestTimeout { set; }

    /// <summary>Makes the headers, in place of the rider's.</summary>
    void SetHeadersSerializer(IHeadersSerializer serializer);
}
