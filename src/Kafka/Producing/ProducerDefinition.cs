using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>A producer's configuration, without its types.</summary>
internal abstract class ProducerDefinition(string topic, ProducerConfig? config) : IKafkaProducerConfigurator
{
    public string Topic { get; } = topic;

    /// <summary>What differs from the rider's settings: a client of its own unless it is empty.</summary>
    public ProducerConfig Config { get; } = config is null ? new ProducerConfig() : new ProducerConfig(new Dictionary<string, string>(config));

    public IHeadersSerializer? HeadersSerializer { get; private set; }

    public int? BatchNumMessages { set => Config.BatchNumMessages = value; }

    public CompressionType? CompressionType { set => Config.CompressionType = value; }

    public int? CompressionLevel { set => Config.CompressionLevel = value; }

    public int? QueueBufferingBackpressureThreshold { set => Config.QueueBufferingBackpressureThreshold = value; }

    public TimeSpan? Linger { set => Config.LingerMs = value?.TotalMilliseconds; }

    public int? QueueBufferingMaxKbytes { set => Config.QueueBufferingMaxKbytes = value; }

    public int? QueueBufferingMaxMessages { set => Config.QueueBufferingMaxMessages = value; }

    public TimeSpan? RetryBackoff { set => Config.RetryBackoffMs = (int?)value?.TotalMilliseconds; }

    public int? MessageSendMaxRetries { set => Config.MessageSendMaxRetries = value; }

    public bool? EnableIdempotence { set => Config.EnableIdempotence = value; }

    public bool? EnableGaplessGuarantee { set => Config.EnableGaplessGuarantee = value; }

    public Partitioner? Partitioner { set => Config.Partitioner = value; }

    public TimeSpan? MessageTimeout { set => Config.MessageTimeoutMs = (int?)value?.TotalMilliseconds; }

    public TimeSpan? RequestTimeout { set => Config.RequestTimeoutMs = (int?)value?.TotalMilliseconds; }

    public void SetHeadersSerializer(IHeadersSerializer serializer) =>
        HeadersSerializer = serializer ?? throw new ArgumentNullException(nameof(serializer));

    public abstract object Create(ProducerHost host);

    /// <summary>By what the rider finds the producer.</summary>
    public abstract ProducerKey Key { get; }

    public IEnumerable<(string Key, string Message)> Validate() =>
        ProducerPromises.Broken(Config).Select(problem => ($"AddProducer(\"{Topic}\")", problem));
}
