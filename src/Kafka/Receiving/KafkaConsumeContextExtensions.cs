using MassTransit;

namespace IotBus.Kafka;

/// <summary>Tells a consumer where its message stood on Kafka.</summary>
public static class KafkaConsumeContextExtensions
{
    /// <summary>The message's key; the type's default if it did not come through a topic endpoint with keys of this type.</summary>
    /// <exception cref="FormatException">It is no <typeparamref name="TKey"/>.</exception>
    public static TKey? GetKey<TKey>(this ConsumeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.TryGetPayload(out KafkaConsumeContext<TKey>? kafka) ? kafka.Key : default;
    }

    /// <summary>The message's partition; null if it did not come from Kafka.</summary>
    public static int? Partition(this ConsumeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.TryGetPayload(out KafkaConsumeContext? kafka) ? kafka.Partition : null;
    }

    /// <summary>The message's offset in its partition; null if it did not come from Kafka.</summary>
    public static long? Offset(this ConsumeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.TryGetPayload(out KafkaConsumeContext? kafka) ? kafka.Offset : null;
    }

    /// <summary>The message's topic; null if it did not come from Kafka.</summary>
    public static string? Topic(this ConsumeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.TryGetPayload(out KafkaConsumeContext? kafka) ? kafka.Topic : null;
    }
}
