using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Letters that are handled together, then marked together. Not thread-safe.</summary>
/// <param name="maxCount">As many letters, or</param>
/// <param name="maxBytes">as many bytes of keys and values make it full.</param>
internal sealed class LetterChunk(int maxCount, long maxBytes)
{
    // Whether a letter that stays was seen since the last one that is handled.
    private readonly HashSet<TopicPartition> _parted = [];
    private readonly List<(DeadLetter Letter, bool Joined)> _letters = [];
    private long _bytes;

    public IReadOnlyList<(DeadLetter Letter, bool Joined)> Letters => _letters;

    public bool IsFull => _letters.Count >= maxCount || _bytes >= maxBytes;

    public void Add(DeadLetter letter, TopicPartition partition)
    {
        _letters.Add((letter, !_parted.Remove(partition)));
        _bytes += letter.Size;
    }

    /// <summary>A letter that stays lies between the one before and the next.</summary>
    public void Part(TopicPartition partition) => _parted.Add(partition);

    public void Clear()
    {
        _letters.Clear();
        _bytes = 0;
    }
}
