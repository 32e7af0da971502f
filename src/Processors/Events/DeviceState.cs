using IotBus.Messages;

namespace IotBus.Processors.Events;

/// <summary>
/// The last known state of a device in one stream. Each part moves only forward in event time, so an event that comes late changes nothing that a newer
/// one has told; of two at the same instant the later in the partition stands.
/// </summary>
internal sealed class DeviceState
{
    public DateTimeOffset LastSeen { get; private set; }

    public Known<string>? Zone { get; private set; }

    public Known<string>? Firmware { get; private set; }

    public Known<string>? UpdatingTo { get; private set; }

    public Known<(double Temperature, double Humidity)>? Reading { get; private set; }

    public Known<(string ErrorCode, string Severity)>? Alert { get; private set; }

    public DeviceState(
        DateTimeOffset lastSeen = default,
        Known<string>? zone = null,
        Known<string>? firmware = null,
        Known<string>? updatingTo = null,
        Known<(double Temperature, double Humidity)>? reading = null,
        Known<(string ErrorCode, string Severity)>? alert = null)
    {
        LastSeen = lastSeen;
        Zone = zone;
        Firmware = firmware;
        UpdatingTo = updatingTo;
        Reading = reading;
        Alert = alert;
    }

    public void Observe(SensorEvent sensorEvent)
    {
        var at = sensorEvent.Timestamp;
        if (at > LastSeen)
            LastSeen = at;

        switch (sensorEvent)
        {
            case TelemetryRecorded telemetry:
                Zone = Newer(Zone, telemetry.ZoneId, at);
                Reading = Newer(Reading, (telemetry.Temperature, telemetry.Humidity), at);
                break;
            case DeviceBooted boot:
                Zone = Newer(Zone, boot.ZoneId, at);
                Firmware = NewerFirmware(Firmware, new Known<string>(boot.Firmware, at));
                break;
            case FirmwareUpdateStarted update:
                UpdatingTo = Newer(UpdatingTo, update.UpdateTo, at);
                break;
            case AlertRaised alert:
                Alert = Newer(Alert, (alert.ErrorCode, alert.Severity), at);
                break;
            default:
                throw new ArgumentException($"No device state is defined for {sensorEvent.GetType()}.", nameof(sensorEvent));
        }
    }

    /// <summary>Moves this state forward by what came later in the partition.</summary>
    /// <returns>Whether anything changed.</returns>
    public bool Advance(DeviceState later)
    {
        var changed = later.LastSeen > LastSeen;
        if (changed)
            LastSeen = later.LastSeen;

        Zone = Newer(Zone, later.Zone, ref changed);
        var firmware = NewerFirmware(Firmware, later.Firmware);
        changed |= firmware != Firmware;
        Firmware = firmware;
        UpdatingTo = Newer(UpdatingTo, later.UpdatingTo, ref changed);
        Reading = Newer(Reading, later.Reading, ref changed);
        Alert = Newer(Alert, later.Alert, ref changed);
        return changed;
    }

    // A device that boots without telling its version has not lost the one it told before, or tells later.
    private static Known<string>? NewerFirmware(Known<string>? known, Known<string>? later) => (known, later) switch
    {
        (_, null) => known,
        (null or { Value: DeviceBooted.UnknownFirmware }, { Value: not DeviceBooted.UnknownFirmware }) => later,
        ({ Value: not DeviceBooted.UnknownFirmware }, { Value: DeviceBooted.UnknownFirmware }) => known,
        ({ } current, { } candidate) => Newer(current, candidate.Value, candidate.At),
        _ => later,
    };

    private static Known<T> Newer<T>(Known<T>? known, T value, DateTimeOffset at) =>
        known is { } current && current.At > at ? current : new Known<T>(value, at);

    private static Known<T>? Newer<T>(Known<T>? known, Known<T>? later, ref bool changed)
    {
        if (later is not { } candidate || (known is { } current && current.At > candidate.At))
            return known;

        changed = true;
        return later;
    }
}
