namespace IotBus.Kafka;

/// <summary>Counts letters by topic and reason, and keeps the newest. Its size does not grow with their number. Not thread-safe.</summary>
internal sealed class SummaryCounts(int newest)
{
    // Reasons are codes, but a foreign producer may write anything.
    private const int MaxGroups = 1000;

    private readonly Dictionary<(string Topic, string? Reason), DeadLetterGroup> _groups = [];
    private readonly PriorityQueue<DeadLetterEntry, DateTimeOffset> _newest = new();
    private readonly LettersLeft _notReplayable = new();
    private long _count;

    /// <summary>Letters that were handled before.</summary>
    public long Handled { get; set; }

    public void Add(DeadLetter letter, IReadOnlyDictionary<string, int> topics)
    {
        _count++;
        if (letter.WhyNotInto(topics) is { } why)
            _notReplayable.Add(letter, why);

        var at = letter.At;
        var key = (Topic: letter.Origin?.Topic ?? letter.Place.Topic, letter.Reason);
        if (_groups.Count >= MaxGroups && !_groups.ContainsKey(key))
            key = (letter.Place.Topic, "others");

        _groups[key] = _groups.TryGetValue(key, out var group)
            ? group with { Count = group.Count + 1, Oldest = at < group.Oldest ? at : group.Oldest, Newest = at > group.Newest ? at : group.Newest }
            : new DeadLetterGroup(key.Topic, key.Reason, 1, at, at);

        if (_newest.Count < newest)
            _newest.Enqueue(DeadLetterEntry.Of(letter), at);
        else if (_newest.TryPeek(out _, out var oldest) && at >= oldest)
            _newest.EnqueueDequeue(DeadLetterEntry.Of(letter), at);
    }

    public DeadLetterSummary ToSummary() => new(
        _count,
        [.. _groups.Values.OrderByDescending(group => group.Count).ThenBy(group => group.Topic, StringComparer.Ordinal).ThenBy(group => group.Reason, StringComparer.Ordinal)],
        [.. _newest.UnorderedItems.Select(item => item.Element).OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Place.Offset)],
        _notReplayable.ToList(),
        Handled);
}
