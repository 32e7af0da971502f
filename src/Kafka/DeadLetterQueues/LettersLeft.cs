namespace IotBus.Kafka;

/// <summary>Counts letters that stay by the reason why. Not thread-safe.</summary>
internal sealed class LettersLeft
{
    // Reasons tell topics and brokers' words: few, but not ours.
    private const int MaxReasons = 100;

    private readonly Dictionary<string, DeadLettersLeft> _left = [];

    public void Add(DeadLetter letter, string why)
    {
        if (!_left.ContainsKey(why) && _left.Count >= MaxReasons)
            why = "for other reasons";

        _left[why] = _left.TryGetValue(why, out var left) ? left with { Count = left.Count + 1 } : new DeadLettersLeft(why, 1, letter.Place);
    }

    public IReadOnlyList<DeadLettersLeft> ToList() => [.. _left.Values.OrderByDescending(left => left.Count)];
}
