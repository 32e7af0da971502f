using Confluent.Kafka;
using MassTransit;

namespace IotBus.Kafka;

/// <summary>
/// Configures how a group's member consumes topics, whatever their keys and messages are. Everything that MassTransit configures on a receive
/// endpoint works here as well: consumers, sagas, retries, filters, outboxes, observers.
/// </summary>
public partial interface ITopicEndpointConfigurator : IReceiveEndpointConfigurator
{
    /// <summary>The most messages in a batch of a batch consumer, 1–100,000; 1,000 by default.</summary>
    int MaxBatchSize { get; set; }

    /// <summary>How long a batch that is not full waits for more messages. Zero, the default: it takes what is there.</summary>
    TimeSpan BatchLinger { get; set; }

    /// <summary>
    /// The window of a partition: how many of its messages are held before it is paused, those that were applied behind one that was not
    /// among them; below half, it is resumed. At least <see cref="MaxBatchSize"/>; 10,000 by default. The client itself holds up to half as
    /// many again.
    /// </summary>
    new int PrefetchCount { get; set; }

    /// <summary>
    /// How many bytes of keys and values of a partition are buffered before it is paused; below half, it is resumed. 64 KiB to 1 GiB; 16 MiB by
    /// default. As much again may be in the batch in flight, and the client itself holds up to 32 MiB for all partitions.
    /// </summary>
    long PrefetchBytes { get; set; }

    /// <summary>
    /// How many messages of a partition are worked at once, 1–10,000. One by default: a partition's messages are applied in their order. With
    /// more, messages of one key still are applied in their order, one at a time, and a slow key stops no other until the window
    /// (<see cref="PrefetchCount"/>) is full; messages without a key have no order. Offsets are committed only up to the first message that
    /// is not applied. Not for batch consumers.
    /// </summary>
    int ConcurrentDeliveryLimit { get; set; }

    /// <summary>
    /// How many messages the endpoint works at once, over all of its partitions. No more than <see cref="ConcurrentDeliveryLimit"/> of each
    /// when null, the default. Not for batch consumers.
    /// </summary>
    new int? ConcurrentMessageLimit { get; set; }

    /// <summary>
    /// How often a batch may fail as a whole, 1–1,000,000; 5 by default. Then its halves are tried each by itself, and theirs, until what fails alone
    /// is found and put aside; the rest is applied. Failures that are transient do not count.
    /// </summary>
    int BatchAttempts { get; set; }

    /// <summary>
    /// Whether a batch consumer's failure is of the surroundings, not of a message: such a batch is tried again for as long as it takes. By default
    /// time-outs, cancellations, errors of network, files and Kafka, and databases' errors that call themselves transient. A consumer whose messages
    /// must never be put aside for a failure says true to all.
    /// </summary>
    Func<Exception, bool> IsTransient { get; set; }

    /// <summary>
    /// Makes the endpoint's topics and their dead-letter topics at the start, where they are missing. Those that are there stay as they are.
    /// </summary>
    void CreateIfMissing(Action<KafkaTopicOptions>? configure = null);

    /// <summary>What becomes of messages that fail for good. The dead-letter topic by default.</summary>
    FailurePolicy FailurePolicy { get; set; }

    /// <summary>
    /// Names the dead-letter topic of a topic. <c>&lt;topic&gt;.dlq</c> by default. A pattern does not take topics that end so; other names that it would
    /// take must be left out by <see cref="ClientConfig.TopicBlacklist"/> in <see cref="ConfigureClient"/>.
    /// </summary>
    Func<string, string> DeadLetterTopic { get; set; }

    /// <summary>
    /// How often the offsets of what was applied are committed, 100 ms to 1 minute; 1 s by default. They are also committed when a partition
    /// is given away, and at shutdown.
    /// </summary>
    TimeSpan CheckpointInterval { get; set; }

    /// <summary>
    /// After how many applied messages their offsets are committed, if <see cref="CheckpointInterval"/> has not passed before. 1–1,000,000;
    /// 5,000 by default.
    /// </summary>
    int CheckpointMessageCount { get; set; }

    /// <summary>
    /// How long what is in flight may take to end when its partition is given away or the bus stops; 10 s by default. Then it is cancelled.
    /// </summary>
    TimeSpan ShutdownTimeout { get; set; }

    /// <summary>
    /// Without a heartbeat for so long the group gives this member's partitions to others. 45 s by default; the broker has bounds of its
    /// own (6 s to 30 min unless changed).
    /// </summary>
    TimeSpan SessionTimeout { get; set; }

    /// <summary>
    /// How long the client may go without a poll before it leaves the group: <see cref="SessionTimeout"/> to a day; 5 minutes by default. No
    /// consumer holds up the poll, however slow it is; only a process that stands still as a whole comes near it.
    /// </summary>
    TimeSpan MaxPollInterval { get; set; }

    /// <summary>
    /// Makes the member static: one that comes back under the same name within the session timeout causes no rebalance. Null by default.
    /// </summary>
    string? GroupInstanceId { get; set; }

    /// <summary>Where a group without a committed offset begins. The earliest by default.</summary>
    AutoOffsetReset AutoOffsetReset { get; set; }

    /// <summary>
    /// The delay before what failed for want of something else (a batch, a dead letter that is not acknowledged) is tried again; it doubles
    /// up to <see cref="MaxRetryDelay"/>, each with a jitter of ±20 %. 250 ms by default.
    /// </summary>
    TimeSpan RetryDelay { get; set; }

    /// <summary>The longest of these delays; 15 s by default.</summary>
    TimeSpan MaxRetryDelay { get; set; }

    /// <summary>Any other setting of librdkafka, set last. For what has no member here.</summary>
    Action<ConsumerConfig>? ConfigureClient { get; set; }
}
