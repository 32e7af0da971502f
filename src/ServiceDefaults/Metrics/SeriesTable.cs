using System.Numerics;

namespace IotBus.ServiceDefaults.Metrics;

/// <summary>
/// Finds the series of a set of tags. Looking up takes no lock and allocates nothing; a new set takes the lock once. The number of series
/// is bounded, since a label whose values come from outside would otherwise fill the memory.
/// </summary>
internal sealed class SeriesTable
{
    private const string OverflowLabels = "overflow=\"true\"";

    private readonly int _maxSeries;
    private readonly double[]? _bounds;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Series> _byLabels = new(StringComparer.Ordinal);
    private readonly Entry?[] _entries;
    private Series? _untagged;
    private Series? _overflow;
    private volatile bool _full;
    private int _entryCount;

    public SeriesTable(int maxSeries, double[]? bounds)
    {
        _maxSeries = Math.Max(maxSeries, 1);
        _bounds = bounds;
        _entries = new Entry?[BitOperations.RoundUpToPowerOf2((uint)Math.Min(_maxSeries, 1 << 16))];
    }

    public Series Get(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return Volatile.Read(ref _untagged) ?? Create(tags, 0);

        var hash = Hash(tags);
        for (var entry = Volatile.Read(ref _entries[hash & (_entries.Length - 1)]); entry is not null; entry = entry.Next)
        {
            if (entry.Hash == hash && Same(entry.Tags, tags))
                return entry.Series;
        }

        return Create(tags, hash);
    }

    public IReadOnlyList<Series> All()
    {
        lock (_lock)
        {
            var all = new List<Series>(_byLabels.Values);
            if (_overflow is not null)
                all.Add(_overflow);

            all.Sort((left, right) => string.CompareOrdinal(left.Labels, right.Labels));
            return all;
        }
    }

    public void RemoveWhere(Predicate<Series> predicate)
    {
        lock (_lock)
        {
            var gone = _byLabels.Values.Where(series => predicate(series)).ToHashSet();
            if (_overflow is not null && predicate(_overflow))
                _overflow = null;

            if (gone.Count == 0)
                return;

            foreach (var series in gone)
                _byLabels.Remove(series.Labels);

            if (_untagged is not null && gone.Contains(_untagged))
                _untagged = null;

            for (var i = 0; i < _entries.Length; i++)
                Volatile.Write(ref _entries[i], Without(_entries[i], gone));

            _full = false;
        }
    }

    private Series Create(ReadOnlySpan<KeyValuePair<string, object?>> tags, int hash)
    {
        if (_full && Volatile.Read(ref _overflow) is { } overflow && !tags.IsEmpty)
            return overflow;

        lock (_lock)
        {
            var labels = Labels.Format(tags);
            if (!_byLabels.TryGetValue(labels, out var series))
            {
                if (_byLabels.Count >= _maxSeries && !tags.IsEmpty)
                {
                    _full = true;
                    return _overflow ??= new Series(OverflowLabels, _bounds);
                }

                series = new Series(labels, _bounds);
                _byLabels.Add(labels, series);
            }

            if (tags.IsEmpty)
            {
                _untagged = series;
            }
            else if (_entryCount < _maxSeries * 4)
            {
                // The same labels in another order are another entry for the same series; that too has a bound.
                ref var head = ref _entries[hash & (_entries.Length - 1)];
                Volatile.Write(ref head, new Entry(hash, tags.ToArray(), series, head));
                _entryCount++;
            }

            return series;
        }
    }

    private Entry? Without(Entry? chain, HashSet<Series> gone)
    {
        Entry? kept = null;
        for (var entry = chain; entry is not null; entry = entry.Next)
        {
            if (gone.Contains(entry.Series))
                _entryCount--;
            else
                kept = new Entry(entry.Hash, entry.Tags, entry.Series, kept);
        }

        return kept;
    }

    private static int Hash(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = tags.Length;
        foreach (ref readonly var tag in tags)
            hash = (hash * 31) + (tag.Value?.GetHashCode() ?? 0);

        return hash;
    }

    private static bool Same(KeyValuePair<string, object?>[] left, ReadOnlySpan<KeyValuePair<string, object?>> right)
    {
        if (left.Length != right.Length)
            return false;

        for (var i = 0; i < left.Length; i++)
        {
            if (!string.Equals(left[i].Key, right[i].Key, StringComparison.Ordinal) || !Equals(left[i].Value, right[i].Value))
                return false;
        }

        return true;
    }

    private sealed record Entry(int Hash, KeyValuePair<string, object?>[] Tags, Series Series, Entry? Next);
}
