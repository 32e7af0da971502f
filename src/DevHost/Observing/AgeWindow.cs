namespace IotBus.DevHost.Observing;

/// <summary>The 99th percentile of the events' age over the last few readings of a histogram, rather than over all time.</summary>
internal sealed class AgeWindow
{
    private const int Readings = 10;

    private readonly Queue<IReadOnlyDictionary<double, double>> _readings = new();

    /// <summary>Takes a reading.</summary>
    /// <returns>The percentile in seconds, interpolated within its bucket; infinite when it lies above the last bound; null when nothing was applied.</returns>
    public double? Add(IReadOnlyDictionary<double, double> buckets)
    {
        _readings.Enqueue(buckets);
        if (_readings.Count > Readings)
            _readings.Dequeue();

        // The first reading has nothing before it: what was counted until then counts.
        var oldest = _readings.Count > 1 ? _readings.Peek() : null;
        var counts = buckets
            .OrderBy(bucket => bucket.Key)
            .Select(bucket => (Bound: bucket.Key, Count: bucket.Value - (oldest?.GetValueOrDefault(bucket.Key) ?? 0)))
            .ToList();
        return Percentile(counts, 0.99);
    }

    private static double? Percentile(List<(double Bound, double Count)> cumulated, double share)
    {
        if (cumulated.Count == 0 || cumulated[^1].Count <= 0)
            return null;

        var wanted = share * cumulated[^1].Count;
        var (lower, below) = (0.0, 0.0);
        foreach (var (bound, count) in cumulated)
        {
            if (count >= wanted)
                return double.IsInfinity(bound) || count <= below ? bound : lower + ((bound - lower) * (wanted - below) / (count - below));

            (lower, below) = (bound, count);
        }

        return double.PositiveInfinity;
    }
}
