using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IotBus.ServiceDefaults.Metrics;

/// <summary>
/// Listens to the meters named in <see cref="MetricsOptions.Meters"/> and keeps their values for a scrape. Of meters made by a factory it
/// hears those of its own host only, so that several services in one process do not count each other's events.
/// </summary>
internal sealed partial class MetricsRegistry : IDisposable
{
    private readonly IMeterFactory _factory;
    private readonly MetricsOptions _options;
    private readonly ILogger<MetricsRegistry> _logger;
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly Lock _scrape = new();

    public MetricsRegistry(IMeterFactory factory, IOptions<MetricsOptions> options, ILogger<MetricsRegistry> logger)
    {
        _factory = factory;
        _options = options.Value;
        _logger = logger;
        _listener.InstrumentPublished = Publish;
        _listener.SetMeasurementEventCallback<byte>((instrument, value, tags, state) => Record(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<short>((instrument, value, tags, state) => Record(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, state) => Record(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, state) => Record(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<float>((instrument, value, tags, state) => Record(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<double>(Record);
        _listener.SetMeasurementEventCallback<decimal>((instrument, value, tags, state) => Record(instrument, (double)value, tags, state));
        _listener.Start();
    }

    /// <summary>
    /// Asks the observable instruments and hands each family, by name, with its series to <paramref name="write"/>. One scrape at a time.
    /// </summary>
    public void Scrape(Action<MetricFamily, IReadOnlyList<Series>> write)
    {
        lock (_scrape)
        {
            var families = _families.Values.ToList();
            families.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
            foreach (var family in families)
                family.BeginScrape();

            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException exception)
            {
                // The listener asks all of them before it tells which ones failed: those have no series in this scrape.
                ObservationFailed(_logger, exception);
            }

            foreach (var family in families)
            {
                var series = family.Collect();
                if (series.Count > 0)
                    write(family, series);
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private static void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        switch (state)
        {
            case MetricFamily family:
                family.Record(value, tags);
                break;
            case LatestValue latest:
                latest.Family.Set(value, tags);
                break;
        }
    }

    private void Publish(Instrument instrument, MeterListener listener)
    {
        if (!IsListed(instrument.Meter.Name) || (instrument.Meter.Scope is not null && !ReferenceEquals(instrument.Meter.Scope, _factory)))
            return;

        var kind = MetricFamily.KindOf(instrument);
        var name = Name(instrument);
        var family = _families.GetOrAdd(name, _ => new MetricFamily(
            name, instrument.Description, kind, instrument.IsObservable, Bounds(instrument), _options.MaxSeries));
        if (family.Kind != kind)
        {
            KindConflict(_logger, name, instrument.Meter.Name);
            return;
        }

        var type = instrument.GetType();
        var isGauge = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Gauge<>);
        listener.EnableMeasurementEvents(instrument, isGauge ? new LatestValue(family) : family);
    }

    private bool IsListed(string meter)
    {
        foreach (var listed in _options.Meters)
        {
            if (listed.EndsWith('*') ? meter.AsSpan().StartsWith(listed.AsSpan(..^1)) : meter == listed)
                return true;
        }

        return false;
    }

    /// <summary>Prometheus' names end in the unit, which others' instruments tell beside the name.</summary>
    private static string Name(Instrument instrument)
    {
        var name = Labels.Name(instrument.Name, colons: true);
        return instrument.Unit != "s" || name.EndsWith("_seconds", StringComparison.Ordinal) ? name : name + "_seconds";
    }

    private double[] Bounds(Instrument instrument)
    {
        var bounds = _options.Buckets.TryGetValue(instrument.Name, out var configured) ? configured : instrument switch
        {
            Histogram<double> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised],
            Histogram<long> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised],
            Histogram<int> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised],
            _ => [.. MetricsOptions.DefaultBuckets],
        };

        return [.. bounds.Where(double.IsFinite).Distinct().Order()];
    }

    [LoggerMessage(LogLevel.Warning, "Some observable instruments failed and are missing from this scrape.")]
    private static partial void ObservationFailed(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Warning, "The instrument {Name} of meter {Meter} is of another kind than the one known by that name, and is not shown.")]
    private static partial void KindConflict(ILogger logger, string name, string meter);

    private sealed record LatestValue(MetricFamily Family);
}
