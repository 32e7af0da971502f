namespace IotBus.Kafka;

/// <summary>The letters of one partition that were handled and are not marked yet, as few ranges as may be. Not thread-safe.</summary>
internal sealed class MarkRanges
{
    private readonly List<long[]> _ranges = [];
    private bool _open;

    /// <summary>A letter, in the partition's order.</summary>
    /// <param name="offset">Its offset.</param>
    /// <param name="joined">Whether no letter that stays unhandled lies between it and the one before.</param>
    /// <param name="done">Whether it was handled.</param>
    public void Add(long offset, bool joined, bool done)
    {
        if (done && joined && _open)
            _ranges[^1][1] = offset;
        else if (done)
            _ranges.Add([offset, offset]);

        _open = done;
    }

    /// <summary>What there is, in portions for a mark each; it is empty afterwards.</summary>
    public List<long[][]> Take()
    {
        List<long[][]> portions = [.. _ranges.Chunk(HandledMark.MaxRanges)];
        _ranges.Clear();
        _open = false;
        return portions;
    }
}
