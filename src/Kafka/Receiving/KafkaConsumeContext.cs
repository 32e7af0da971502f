namespace IotBus.Kafka;

#pragma warning disable CA1715 // The names are those of MassTransit's own rider, so that consumers written for it compile.

/// <summary>Where a message stood on Kafka. A payload of its <c>ConsumeContext</c>.</summary>
public interface KafkaConsumeContext
{
    /// <summary>The consumer group.</summary>
    string GroupId { get; }

    string Topic { get; }

    int Partition { get; }

    long Offset { get; }

    /// <summary>The message's timestamp on Kafka, UTC, milliseconds.</summary>
    DateTime CheckpointUtcDateTime { get; }
}

/// <inheritdoc/>
/// <typeparam name="TKey">The type of the endpoint's keys.</typeparam>
public interface KafkaConsumeContext<out TKey> : KafkaConsumeContext
{
    /// <summary>The message's key. Read when it is asked for.</summary>
    /// <exception cref="FormatException">It is no <typeparamref name="TKey"/>.</exception>
    TKey Key { get; }
}
