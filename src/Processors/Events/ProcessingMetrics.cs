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

        // A counter that appears with its first event hides that event from rates.
        _applied.Add(0);
        _duplicates.Add(0);
    }

    /// <summary>A batch's transaction has committed.</summary>
    internal void Committed(IReadOnlyList<StoredEvent> applied, int duplicates, DateTimeOffset now)
    {
        _applied.Add(applied.Count);
        _duplicates.Add(duplicates);
        foreach (var stored in applied)
            _ageSeconds.Record(Math.Max(0, (now - stored.Event.Timestamp).TotalSeconds));
    }

    /// <summary>A batch is applied in full.</summary>
    internal void Took(TimeSpan duration) => _applySeconds.Record(duration.TotalSeconds);
}
