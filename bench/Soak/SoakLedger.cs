namespace IotBus.Bench.Soak;

/// <summary>What was produced, and what each group has seen of it. Thread-safe.</summary>
internal sealed class SoakLedger(IReadOnlyList<string> groups, int partitions)
{
    private readonly Lock _lock = new();
    private readonly long[] _produced = new long[partitions];
    private readonly SequenceTracker[][] _seen = [.. groups.Select(_ => Trackers(partitions))];

    /// <summary>How many messages the broker has acknowledged.</summary>
    public long Produced
    {
        get
        {
            lock (_lock)
                return _produced.Sum();
        }
    }

    /// <summary>How many different messages the group that is furthest behind has seen.</summary>
    public long SeenByAll
    {
        get
        {
            lock (_lock)
                return _seen.Min(group => group.Sum(tracker => tracker.Distinct));
        }
    }

    public void Acknowledged(SoakReport report)
    {
        lock (_lock)
            _produced[report.Partition] = report.First;
    }

    public void Seen(int group, SoakReport report)
    {
        lock (_lock)
            _seen[group][report.Partition].Seen(report.First, report.Count);
    }

    public void Committed(int group, IReadOnlyList<long> next)
    {
        lock (_lock)
        {
            for (var partition = 0; partition < next.Count; partition++)
                _seen[group][partition].Committed(next[partition]);
        }
    }

    /// <summary>The sum over all partitions of what a group got.</summary>
    public GroupTotals TotalsOf(int group)
    {
        lock (_lock)
        {
            return new GroupTotals(
                groups[group],
                _seen[group].Zip(_produced, (tracker, produced) => tracker.LostOf(produced)).Sum(),
                _seen[group].Sum(tracker => tracker.Duplicates),
                _seen[group].Sum(tracker => tracker.DuplicatesOfCommitted));
        }
    }

    private static SequenceTracker[] Trackers(int count) => [.. Enumerable.Range(0, count).Select(_ => new SequenceTracker())];
}

/// <summary>What a group got.</summary>
/// <param name="Group">Which.</param>
/// <param name="Lost">Acknowledged messages that it never saw.</param>
/// <param name="Duplicates">Messages that it saw again, as often as it did.</param>
/// <param name="DuplicatesOfCommitted">Those of them that were committed before.</param>
internal sealed record GroupTotals(string Group, long Lost, long Duplicates, long DuplicatesOfCommitted);
