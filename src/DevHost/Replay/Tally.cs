namespace IotBus.DevHost.Replay;

/// <summary>Counts rows by what became of them. Thread-safe.</summary>
internal sealed class Tally
{
    /// <summary>How many lines are named in the summary; the rest is counted.</summary>
    public const int NamedErrors = 20;

    private readonly Lock _lock = new();
    private readonly List<RowError> _unreadable = [];
    private readonly List<RowError> _rejected = [];
    private long _accepted;
    private long _rejectedCount;
    private long _unreadableCount;

    /// <summary>Acknowledged by the Api: on Kafka.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    public long Rejected => Interlocked.Read(ref _rejectedCount);

    public long Unreadable => Interlocked.Read(ref _unreadableCount);

    public long Done => Accepted + Rejected + Unreadable;

    /// <summary>The first rejected lines, in the order of the file as far as they were told in it.</summary>
    public IReadOnlyList<RowError> RejectedLines => Sorted(_rejected);

    public IReadOnlyList<RowError> UnreadableLines => Sorted(_unreadable);

    public void Accept(int rows) => Interlocked.Add(ref _accepted, rows);

    public void Reject(int rows, IEnumerable<RowError> named)
    {
        Interlocked.Add(ref _rejectedCount, rows);
        lock (_lock)
            _rejected.AddRange(named.Take(NamedErrors - _rejected.Count));
    }

    public void AddUnreadable(RowError error)
    {
        Interlocked.Increment(ref _unreadableCount);
        lock (_lock)
        {
            if (_unreadable.Count < NamedErrors)
                _unreadable.Add(error);
        }
    }

    private List<RowError> Sorted(List<RowError> errors)
    {
        lock (_lock)
            return [.. errors.OrderBy(error => error.Line)];
    }
}
