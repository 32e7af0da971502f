namespace IotBus.ServiceDefaults.Metrics;

/// <summary>The values of one metric under one set of labels. Thread-safe without locks.</summary>
internal sealed class Series(string labels, double[]? bounds)
{
    private readonly long[] _counts = bounds is null ? [] : new long[bounds.Length + 1];
    private double _value;

    /// <summary>The labels as they are written between the braces, escaped: <c>a="b",c="d"</c>.</summary>
    public string Labels { get; } = labels;

    /// <summary>The value of a counter or gauge, the sum of a histogram.</summary>
    public double Value => Volatile.Read(ref _value);

    /// <summary>The scrape that last observed it.</summary>
    public int Scrape { get; private set; }

    public void Add(double value, bool onlyUp)
    {
        // A counter never goes down, and NaN would stay in it for ever.
        if (double.IsNaN(value) || (onlyUp && value < 0))
            return;

        AddToValue(value);
    }

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Observe(double value, int scrape)
    {
        Set(value);
        Scrape = scrape;
    }

    public void Sample(double value)
    {
        if (double.IsNaN(value))
            return;

        var bucket = 0;
        while (bucket < bounds!.Length && value > bounds[bucket])
            bucket++;

        Interlocked.Increment(ref _counts[bucket]);
        AddToValue(value);
    }

    /// <summary>Copies the buckets' own counts, not yet cumulated; the last is what lies above every bound.</summary>
    public void CopyCounts(Span<long> counts)
    {
        for (var i = 0; i < _counts.Length; i++)
            counts[i] = Volatile.Read(ref _counts[i]);
    }

    private void AddToValue(double value)
    {
        var current = Volatile.Read(ref _value);
        while (true)
        {
            var seen = Interlocked.CompareExchange(ref _value, current + value, current);
            if (seen.Equals(current))
                return;

            current = seen;
        }
    }
}
