using System.Diagnostics.Metrics;
using IotBus.Messages;

namespace IotBus.Api.Events;

/// <summary>Counts what came in. Thread-safe.</summary>
internal sealed class IngestionMetrics
{
    public const string MeterName = "IotBus.Api";

    private readonly Counter<long> _accepted;
    private readonly Counter<long> _rejected;

    public IngestionMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _accepted = meter.CreateCounter<long>("iotbus_events_accepted_total", description: "Events acknowledged by all in-sync replicas.");
        _rejected = meter.CreateCounter<long>("iotbus_events_rejected_total", description: "Events and requests that were not accepted.");

        // A counter that appears with its first event hides that event from a rate.
        foreach (var type in EventTypes.All)
            Accepted(type, 0);

        foreach (var reason in RejectionReasons.All)
            Rejected(reason, 0);
    }

    public void Accepted(string type, long count = 1) => _accepted.Add(count, new KeyValuePair<string, object?>("type", type));

    public void Rejected(string reason, long count = 1) => _rejected.Add(count, new KeyValuePair<string, object?>("reason", reason));
}
