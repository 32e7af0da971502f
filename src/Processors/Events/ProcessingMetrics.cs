using System.Diagnostics.Metrics;

namespace IotBus.Processors.Events;

/// <summary>What the processors measure; the instruments' names are the ones on <c>/metrics</c>.</summary>
public sealed class ProcessingMetrics
{
    public const string MeterName = "IotBus.Processors";

    private readonly Counter<long> _applied;
    private readonly Counter<long> _duplicates;
    private readonly Histogram<double> _applySeconds;
    private readonly Histogram<double> _ageSeconds;

    public ProcessingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _applied = meter.CreateCounter<long>("iotbus_events_applied_total", description: "Events applied to the store.");
        _duplicates = meter.CreateCounter<long>("iotbus_events_duplicate_total", description: "Repeats of an event that had been applied before.");
        _applySeconds = meter.CreateHistogram<double>("iotbus_apply_seconds", "s", "Time to apply a batch.");
        _ageSeconds = meter.CreateHistogram<double>("iotbus_event_age_seconds", "s", "Time from an event at the device to its application.");
    }

    internal void Applied(IReadOnlyList<StoredEvent> events, DateTimeOffset now, TimeSpan duration)
    {
        _applied.Add(events.Count);
        _applySeconds.Record(duration.TotalSeconds);
        foreach (var stored in events)
            _ageSeconds.Record(Math.Max(0, (now - stored.Event.Timestamp).TotalSeconds));
    }

    internal void Duplicates(int count) => _duplicates.Add(count);
}
