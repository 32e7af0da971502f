namespace IotBus.Kafka;

/// <summary>A set of offsets of one partition, as few ranges as may be: 16 bytes each. Filled first, then asked.</summary>
internal sealed class OffsetRanges
{
    private List<(long First, long Last)> _ranges = [];
    private bool _sorted = true;

    public void Add(long first, long last)
    {
        // What is marked in one run is in order, and runs are few.
        if (_ranges.Count > 0 && first <= _ranges[^1].Last + 1 && first >= _ranges[^1].First)
        {
            _ranges[^1] = (_ranges[^1].First, Math.Max(_ranges[^1].Last, last));
            return;
        }

        _sorted &= _ranges.Count == 0 || first > _ranges[^1].Last;
        _ranges.Add((first, last));
    }

    public bool Contains(long offset)
    {
        if (!_sorted)
            Sort();

        var (low, high) = (0, _ranges.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (offset < _ranges[middle].First)
                high = middle - 1;
            else if (offset > _ranges[middle].Last)
                low = middle + 1;
            else
                return true;
        }

        return false;
    }

    private void Sort()
    {
        _ranges.Sort();
        List<(long First, long Last)> merged = [];
        foreach (var range in _ranges)
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1)
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            else
                merged.Add(range);
        }

        (_ranges, _sorted) = (merged, true);
    }
}
