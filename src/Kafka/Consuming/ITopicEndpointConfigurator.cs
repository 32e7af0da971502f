using System.Text.Json;
using System.Text.Json.Serialization;
using Confluent.Kafka;
using MassTransit;

namespace IotBus.Kafka;

/// <summary>Configures how a group's member consumes topics.</summary>
/// <typeparam name="T">The type of the messages, or a base of the types on the topics.</typeparam>
public interface ITopicEndpointConfigurator<T>
    where T : class
{
    /// <summary>
    /// A type of message that the topics carry, told by the header <c>MT-MessageType</c> or, where that is missing, by the JSON member
    /// <see cref="JsonTypeMember"/>. If none is registered, every message is a <typeparamref name="T"/>.
    /// </summary>
    /// <param name="jsonType">The value of the JSON member for this type; null when only the header tells it.</param>
    void MessageType<TMessage>(string? jsonType = null)
        where TMessage : class, T;

    /// <summary>
    /// Reads values with a source-generated context, which must know every registered type. MassTransit's own options otherwise.
    /// </summary>
    void UseJson(JsonSerializerContext context);

    /// <summary>Reads values with these options.</summary>
    void UseJson(JsonSerializerOptions options);

    /// <summary>The top-level member of a message's JSON that tells its type. <c>type</c> by default.</summary>
    string JsonTypeMember { get; set; }

    /// <summary>Hands each batch to this consumer, made anew in a scope of its own.</summary>
    void ConfigureBatchConsumer<TConsumer>(IRegistrationContext context)
        where TConsumer : class, ITopicBatchConsumer<T>;

    /// <summary>The most messages in a batch, 1–100,000; 1,000 by default.</summary>
    int MaxBatchSize { get; set; }

    /// <summary>How long a batch that is not full waits for more messages. Zero, the default: it takes what is there.</summary>
    TimeSpan BatchLinger { get; set; }

    /// <summary>
    /// How many messages of a partition are buffered before it is paused; below half, it is resumed. At least <see cref="MaxBatchSize"/>;
    /// 10,000 by default. The client itself holds up to half as many again.
    /// </summary>
    int PrefetchCount { get; set; }

    /// <summary>
    /// How many bytes of keys and values of a partition are buffered before it is paused; below half, it is resumed. 64 KiB to 1 GiB; 16 MiB by
    /// default. As much again may be in the batch in flight, and the client itself holds up to 32 MiB for all partitions.
    /// </summary>
    long PrefetchBytes { get; set; }

    /// <summary>Names the dead-letter topic of a topic. <c>&lt;topic&gt;.dlq</c> by default.</summary>
    Func<string, string> DeadLetterTopic { get; set; }

    /// <summary>
    /// How often the offsets of applied batches are committed, 100 ms to 1 minute; 1 s by default. They are also committed when a partition
    /// is given away, and at shutdown.
    /// </summary>
    TimeSpan CheckpointInterval { get; set; }

    /// <summary>
    /// How long a batch in flight may take to end when its partition is given away or the bus stops; 10 s by default. Then it is cancelled.
    /// </summary>
    TimeSpan ShutdownTimeout { get; set; }

    /// <summary>
    /// Without a heartbeat for so long the group gives this member's partitions to others. 45 s by default; the broker has bounds of its
    /// own (6 s to 30 min unless changed).
    /// </summary>
    TimeSpan SessionTimeout { get; set; }

    /// <summary>
    /// Makes the member static: one that comes back under the same name within the session timeout causes no rebalance. Null by default.
    /// </summary>
    string? GroupInstanceId { get; set; }

    /// <summary>Where a group without a committed offset begins. The earliest by default.</summary>
    AutoOffsetReset AutoOffsetReset { get; set; }

    /// <summary>
    /// The delay before a failed batch is tried again; it doubles up to <see cref="MaxRetryDelay"/>, each with a jitter of ±20 %. 250 ms by
    /// default.
    /// </summary>
    TimeSpan RetryDelay { get; set; }

    /// <summary>The longest delay before a failed batch is tried again; 15 s by default.</summary>
    TimeSpan MaxRetryDelay { get; set; }

    /// <summary>Any other setting of librdkafka, set last. For what has no member here.</summary>
    Action<ConsumerConfig>? ConfigureConsumer { get; set; }
}
