using IotBus.Messages;

namespace IotBus.Processors.Events;

/// <summary>What a batch's events add to the rollups of one partition: a row for the fleet and a row for the device, by hour of the event and of ingestion.</summary>
internal sealed class RollupBatch
{
    private readonly Dictionary<RollupKey, Rollup> _rollups = [];

    public IReadOnlyCollection<KeyValuePair<RollupKey, Rollup>> Rows => _rollups;

    public void Add(in StoredEvent stored)
    {
        var sensorEvent = stored.Event;
        var hour = RollupKey.HourOf(sensorEvent.Timestamp);
        var zone = stored.Zone;
        switch (sensorEvent)
        {
            case TelemetryRecorded telemetry:
                var key = new RollupKey(hour, EventTypes.Telemetry, zone, null, null);
                Row(key).Add(telemetry.Temperature, telemetry.Humidity);
                Row(key with { Device = telemetry.DeviceId }).Add(telemetry.Temperature, telemetry.Humidity);
                break;
            case DeviceBooted:
                Count(new RollupKey(hour, EventTypes.Boot, zone, null, null), sensorEvent.DeviceId);
                break;
            case FirmwareUpdateStarted update:
                Count(new RollupKey(hour, EventTypes.FirmwareUpdate, null, update.UpdateTo, null), sensorEvent.DeviceId);
                break;
            case AlertRaised alert:
                Count(new RollupKey(hour, EventTypes.Alert, null, alert.Severity, null), sensorEvent.DeviceId);
                break;
            default:
                throw new ArgumentException($"No rollup is defined for {sensorEvent.GetType()}.", nameof(stored));
        }

        Count(new RollupKey(RollupKey.HourOf(stored.IngestedAt), RollupKey.Ingested, zone, null, null), sensorEvent.DeviceId);
    }

    private void Count(RollupKey fleet, string device)
    {
        Row(fleet).Add();
        Row(fleet with { Device = device }).Add();
    }

    private Rollup Row(in RollupKey key)
    {
        if (!_rollups.TryGetValue(key, out var rollup))
            _rollups.Add(key, rollup = new Rollup());

        return rollup;
    }
}
