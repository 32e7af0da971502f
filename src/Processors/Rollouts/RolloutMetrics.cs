using System.Diagnostics.Metrics;
using IotBus.Processors.Events;

namespace IotBus.Processors.Rollouts;

/// <summary>What is measured of rollouts; the instruments' names are the ones on <c>/metrics</c>.</summary>
internal sealed class RolloutMetrics
{
    private readonly Counter<long> _stopped;
    private readonly Counter<long> _settled;

    public RolloutMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(ProcessingMetrics.MeterName);
        _stopped = meter.CreateCounter<long>("iotbus_rollouts_stopped_total", description: "Rollouts that stopped themselves because too many devices failed.");
        _settled = meter.CreateCounter<long>("iotbus_rollout_devices_settled_total", description: "Devices of rollouts that confirmed, or failed by an event.");
        _stopped.Add(0);
        foreach (var outcome in new[] { DeviceUpdateStates.Confirmed, DeviceUpdateStates.Failed })
            _settled.Add(0, new KeyValuePair<string, object?>("outcome", outcome));
    }

    public void Stopped() => _stopped.Add(1);

    public void Settled(string outcome) => _settled.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
