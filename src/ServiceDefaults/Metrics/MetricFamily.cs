using System.Diagnostics.Metrics;

namespace IotBus.ServiceDefaults.Metrics;

internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>
/// One metric by its name, with a series for each set of labels. Recording is concurrent and allocates only for a set of labels never seen.
/// </summary>
internal sealed class MetricFamily(string name, string? help, MetricKind kind, bool observable, double[] bounds, int maxSeries)
{
    private readonly SeriesTable _series = new(maxSeries, kind == MetricKind.Histogram ? bounds : null);
    private int _scrape;

    public string Name { get; } = name;

    public string? Help { get; } = help;

    public MetricKind Kind { get; } = kind;

    public double[] Bounds { get; } = bounds;

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = _series.Get(tags);
        if (observable)
            series.Observe(value, _scrape);
        else if (Kind == MetricKind.Histogram)
            series.Sample(value);
        else
            series.Add(value, onlyUp: Kind == MetricKind.Counter);
    }

    /// <summary>Records the latest value of a synchronous gauge.</summary>
    public void Set(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => _series.Get(tags).Set(value);

    /// <summary>Begins a scrape: series of an observable instrument that are not observed again in it are gone.</summary>
    public void BeginScrape() => _scrape++;

    /// <summary>The series to show now, by their labels.</summary>
    public IReadOnlyList<Series> Collect()
    {
        if (observable)
            _series.RemoveWhere(series => series.Scrape != _scrape);

        return _series.All();
    }

    public static MetricKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType();
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        if (definition == typeof(Counter<>) || definition == typeof(ObservableCounter<>))
            return MetricKind.Counter;

        return definition == typeof(Histogram<>) ? MetricKind.Histogram : MetricKind.Gauge;
    }
}
