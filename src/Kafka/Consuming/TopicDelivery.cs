using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>A message on its way to its consumers, until it is done. Used by one lane at a time.</summary>
internal sealed class TopicDelivery(ConsumeResult<byte[], byte[]> result, long place)
{
    private Further? _further;

    public ConsumeResult<byte[], byte[]> Result { get; } = result;

    /// <summary>Its place in the <see cref="OffsetWindow"/>.</summary>
    public long Place { get; } = place;

    /// <summary>What waits behind it for the same key.</summary>
    public TopicDelivery? Next { get; set; }

    /// <summary>When it failed first.</summary>
    public DateTimeOffset? FirstFailure { get => _further?.FirstFailure; set => Extended.FirstFailure = value; }

    /// <summary>How often consumers have tried it, in earlier deliveries.</summary>
    public int Attempts { get => _further?.Attempts ?? 0; set => Extended.Attempts = value; }

    /// <summary>Headers that its redelivery set, or its trace, beside those it came with.</summary>
    public Dictionary<string, object>? Overlay { get => _further?.Overlay; set => Extended.Overlay = value; }

    /// <summary>What it is if it came out of an outbox, and not from its topic.</summary>
    public StoredMessage? Stored { get => _further?.Stored; set => Extended.Stored = value; }

    private Further Extended => _further ??= new Further();

    /// <summary>What few messages have.</summary>
    private sealed class Further
    {
        public DateTimeOffset? FirstFailure { get; set; }

        public int Attempts { get; set; }

        public Dictionary<string, object>? Overlay { get; set; }

        public StoredMessage? Stored { get; set; }
    }
}
