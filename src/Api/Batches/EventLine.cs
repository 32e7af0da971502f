using IotBus.Api.Fields;
using IotBus.Messages;

namespace IotBus.Api.Batches;

/// <summary>What kind of event a line is.</summary>
internal enum LineKind : byte
{
    /// <summary>Its <c>type</c> is missing or none of the known ones.</summary>
    None,
    Boot,
    Telemetry,
    FirmwareUpdate,
    Alert,
}

/// <summary>
/// One line of a batch as it came, before any rule has been asked. Filled by <see cref="EventLineReader"/>, checked by
/// <see cref="EventLineRules"/>.
/// </summary>
internal struct EventLine
{
    public LineKind Kind;

    /// <summary>The member <c>type</c> when it is none of the known ones.</summary>
    public Field<string> UnknownType;

    public Field<Guid> EventId;
    public Field<DateTimeOffset> Timestamp;
    public Field<string> DeviceId;
    public Field<string> ZoneId;
    public Field<string> Firmware;
    public Field<double> Temperature;
    public Field<double> Humidity;
    public Field<string> VersionTo;
    public Field<string> ErrorCode;
    public Field<string> Severity;

    /// <summary>The message, once the line has been checked.</summary>
    public readonly SensorEvent ToMessage(DateTimeOffset received)
    {
        var id = EventId.IsPresent ? EventId.Value : Guid.CreateVersion7(received);
        var timestamp = Timestamp.IsPresent ? Timestamp.Value : received;
        return Kind switch
        {
            LineKind.Telemetry => new TelemetryRecorded
            {
                EventId = id,
                Timestamp = timestamp,
                DeviceId = DeviceId.Value!,
                ZoneId = ZoneId.Value!,
                Temperature = Temperature.Value,
                Humidity = Humidity.Value,
            },
            LineKind.Boot => new DeviceBooted
            {
                EventId = id,
                Timestamp = timestamp,
                DeviceId = DeviceId.Value!,
                ZoneId = ZoneId.Value!,
                Firmware = Firmware.Value ?? DeviceBooted.UnknownFirmware,
            },
            LineKind.FirmwareUpdate => new FirmwareUpdateStarted
            {
                EventId = id,
                Timestamp = timestamp,
                DeviceId = DeviceId.Value!,
                UpdateTo = VersionTo.Value!,
            },
            LineKind.Alert => new AlertRaised
            {
                EventId = id,
                Timestamp = timestamp,
                DeviceId = DeviceId.Value!,
                ErrorCode = ErrorCode.Value!,
                Severity = FieldRules.Canonical(Severity.Value)!,
            },
            _ => throw new InvalidOperationException("The line was not checked."),
        };
    }
}
