namespace IotBus.Kafka.Embedded;

/// <summary>The bytes of one partition that its consumers still need, or may need. Thread-safe.</summary>
internal sealed class PartitionBacklog(long limit)
{
    // Messages are tracked by the run: one entry for so many bytes.
    private const int RunBytes = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<Run> _written = new();
    private Run? _last;
    private long _bytes;
    private long _unplaced;

    /// <summary>Reserves room for a message; false when it would pass the limit.</summary>
    public bool TryReserve(int bytes)
    {
        lock (_lock)
        {
            if (_bytes + bytes > limit)
                return false;

            _bytes += bytes;
            return true;
        }
    }

    /// <summary>The message was surely not written.</summary>
    public void Release(int bytes)
    {
        lock (_lock)
            _bytes -= bytes;
    }

    /// <summary>The message was written at an offset.</summary>
    public void Written(long bytes, long offset)
    {
        lock (_lock)
        {
            bytes += _unplaced;
            _unplaced = 0;
            if (_last is null || _last.Bytes >= RunBytes)
                _written.Enqueue(_last = new Run());

            _last.Bytes += bytes;
            _last.LastOffset = Math.Max(_last.LastOffset, offset);
        }
    }

    /// <summary>The message may have been written, and nobody knows where: it counts until a later one is consumed.</summary>
    public void PossiblyWritten(int bytes)
    {
        lock (_lock)
            _unplaced += bytes;
    }

    /// <summary>Every consumer has done with what lies before this offset.</summary>
    public void ConsumedUpTo(long offset)
    {
        lock (_lock)
        {
            while (_written.TryPeek(out var run) && run.LastOffset < offset)
            {
                _bytes -= run.Bytes;
                _written.Dequeue();
            }

            if (_written.Count == 0)
                _last = null;
        }
    }

    private sealed class Run
    {
        public long Bytes { get; set; }

        public long LastOffset { get; set; } = -1;
    }
}
