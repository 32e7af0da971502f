using IotBus.Api.Fields;

namespace IotBus.Api.Batches;

/// <summary>
/// Asks the rules of <see cref="FieldRules"/> of a line, those that the validators ask of a single request. Allocates only for a line that
/// breaks one.
/// </summary>
internal static class EventLineRules
{
    /// <returns>The faults by member, or null when there are none.</returns>
    public static Dictionary<string, string[]>? Check(in EventLine line, DateTimeOffset now)
    {
        Dictionary<string, string[]>? faults = null;
        Require("device_id", FieldRules.Identifier("device_id", line.DeviceId), ref faults);
        Require("event_id", FieldRules.OptionalId("event_id", line.EventId), ref faults);
        Require("timestamp", FieldRules.OptionalTimestamp("timestamp", line.Timestamp, now), ref faults);
        switch (line.Kind)
        {
            case LineKind.Telemetry:
                Require("zone_id", FieldRules.Identifier("zone_id", line.ZoneId), ref faults);
                Require("temperature", FieldRules.Temperature("temperature", line.Temperature), ref faults);
                Require("humidity", FieldRules.Humidity("humidity", line.Humidity), ref faults);
                break;
            case LineKind.Boot:
                Require("zone_id", FieldRules.Identifier("zone_id", line.ZoneId), ref faults);
                Require("firmware", FieldRules.OptionalIdentifier("firmware", line.Firmware), ref faults);
                break;
            case LineKind.FirmwareUpdate:
                Require("version_to", FieldRules.Identifier("version_to", line.VersionTo), ref faults);
                break;
            case LineKind.Alert:
                Require("error_code", FieldRules.Identifier("error_code", line.ErrorCode), ref faults);
                Require("severity", FieldRules.Severity("severity", line.Severity), ref faults);
                break;
            default:
                Require("type", FieldRules.Type("type", line.UnknownType), ref faults);
                break;
        }

        return faults;
    }

    private static void Require(string name, string? fault, ref Dictionary<string, string[]>? faults)
    {
        if (fault is not null)
            (faults ??= [])[name] = [fault];
    }
}
