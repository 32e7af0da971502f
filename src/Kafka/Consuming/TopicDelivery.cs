using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>A message on its way to its consumers, until it is done. Used by one lane at a time.</summary>
internal sealed class TopicDelivery(ConsumeResult<byte[], byte[]> result, long place)
{
    public ConsumeResult<byte[], byte[]> Result { get; } = result;

    /// <summary>Its place in the <see cref="OffsetWindow"/>.</summary>
    public long Place { get; } = place;

    /// <summary>What waits behind it for the same key.</summary>
    public TopicDelivery? Next { get; set; }

    /// <summary>When it failed first.</summary>
    public DateTimeOffset? FirstFailure { get; set; }

    /// <summary>How often consumers have tried it, in earlier deliveries.</summary>
    public int Attempts { get; set; }

    /// <summary>Headers that its redelivery set, beside those it came with.</summary>
    public Dictionary<string, object>? Overlay { get; set; }
}
