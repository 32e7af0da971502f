using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>
/// The settings of the rider's producer. It is idempotent, waits for all in-sync replicas, and partitions with <c>murmur2_random</c>, as
/// Java and Python clients do; these are not settings, because what the rider promises hangs on them.
/// </summary>
public sealed class ProducerSettings
{
    /// <summary>
    /// How long a message may wait for its acknowledgement, from the call of <c>Produce</c>; then it fails with
    /// <see cref="ProduceFailure.NotAcknowledged"/>. 10 s by default, at least 100 ms. The client looks for late messages once a second.
    /// </summary>
    public TimeSpan DeliveryTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a message waits for others to share its batch, 1 ms by default. More makes larger batches and later answers.
    /// </summary>
    public TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Compression of batches, LZ4 by default.</summary>
    public CompressionType Compression { get; set; } = CompressionType.Lz4;

    /// <summary>
    /// How many messages may wait for their acknowledgement; beyond, <c>Produce</c> fails with <see cref="ProduceFailure.QueueFull"/>.
    /// 100,000 by default.
    /// </summary>
    public int MaxQueuedMessages { get; set; } = 100_000;

    /// <summary>How many KiB of messages may wait for their acknowledgement; 256 MiB by default.</summary>
    public int MaxQueuedKibibytes { get; set; } = 256 * 1024;

    /// <summary>
    /// The largest message with its headers, bytes; larger ones fail with <see cref="ProduceFailure.Refused"/>. 1,000,000 by default, as
    /// brokers have it.
    /// </summary>
    public int MaxMessageBytes { get; set; } = 1_000_000;

    /// <summary>Any other setting of librdkafka, set last. For what has no property here.</summary>
    public Action<ProducerConfig>? Configure { get; set; }

    private const int LargestDeadLetter = 32 * 1024 * 1024;

    internal IEnumerable<(string Key, string Message)> Validate()
    {
        if (DeliveryTimeout < TimeSpan.FromMilliseconds(100) || DeliveryTimeout > TimeSpan.FromDays(1))
            yield return (nameof(DeliveryTimeout), $"is {DeliveryTimeout}: set it between 100 ms and a day.");

        if (Linger < TimeSpan.Zero || Linger >= DeliveryTimeout)
            yield return (nameof(Linger), $"is {Linger}: set it between zero and {nameof(DeliveryTimeout)}, {DeliveryTimeout}.");

        if (MaxQueuedMessages < 1)
            yield return (nameof(MaxQueuedMessages), $"is {MaxQueuedMessages}: set it to 1 or more.");

        if (MaxQueuedKibibytes is < 1 or > 2_000_000)
            yield return (nameof(MaxQueuedKibibytes), $"is {MaxQueuedKibibytes}: set it between 1 and 2,000,000.");

        if (MaxMessageBytes is < 1000 or > 1_000_000_000)
            yield return (nameof(MaxMessageBytes), $"is {MaxMessageBytes}: set it between 1,000 and 1,000,000,000.");

        var config = ToConfig(new ClientConfig());
        foreach (var problem in ProducerPromises.Broken(config))
            yield return (nameof(Configure), problem);

        if (config.EnableIdempotence != true)
        {
            yield return (
                nameof(Configure),
                "sets EnableIdempotence to false for dead letters and all producers: remove it, and set it on the one producer that may lose messages.");
        }
    }

    /// <param name="client">What all clients of the rider have in common.</param>
    /// <param name="own">What one producer has otherwise.</param>
    internal ProducerConfig ToConfig(ClientConfig client, ProducerConfig? own = null)
    {
        var config = new ProducerConfig(new Dictionary<string, string>(client))
        {
            EnableIdempotence = true,
            Acks = Acks.All,
            Partitioner = Partitioner.Murmur2Random,
            CompressionType = Compression,
            LingerMs = Linger.TotalMilliseconds,
            MessageTimeoutMs = (int)DeliveryTimeout.TotalMilliseconds,
            QueueBufferingMaxMessages = MaxQueuedMessages,
            QueueBufferingMaxKbytes = MaxQueuedKibibytes,
            // For dead letters, which may be as large as any topic has messages, and their headers; the application's are bounded before.
            MessageMaxBytes = Math.Max(MaxMessageBytes, LargestDeadLetter),

            // The reports carry only whether the message is on the broker, and where: the caller still has the rest.
            DeliveryReportFields = "status",
        };
        Configure?.Invoke(config);
        foreach (var setting in own ?? new ProducerConfig())
            config.Set(setting.Key, setting.Value);

        return config;
    }
}
