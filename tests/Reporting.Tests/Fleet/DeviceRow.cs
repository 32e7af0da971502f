using IotBus.MongoDb;

namespace IotBus.Reporting.Tests.Fleet;

/// <summary>The documents of <c>devices</c>: one a device and stream.</summary>
internal static class DeviceRow
{
    public static IEnumerable<BsonDocument> Of(IReadOnlyCollection<FleetEvent> events) =>
        from e in events
        group e by (e.Device, Stream: e.Type == "alert" ? "alerts" : "telemetry") into row
        select row.Key.Stream == "alerts" ? Alerts(row.Key.Device, [.. row]) : Telemetry(row.Key.Device, [.. row]);

    private static BsonDocument Telemetry(string device, FleetEvent[] events)
    {
        var zone = Newest(events, e => e.Zone is not null);
        var boot = Newest(events, e => e.Type == "boot");
        var update = Newest(events, e => e.Type == "firmware_update");
        var reading = Newest(events, e => e.Type == "telemetry");
        return Fields.Document(
            ("_id", Bson.Document(("d", device), ("s", "telemetry"))),
            ("zone", zone?.Zone),
            ("zone_at", At(zone)),
            ("firmware", boot?.Firmware),
            ("firmware_at", At(boot)),
            ("updating_to", update?.Version),
            ("update_at", At(update)),
            ("reading", reading is null
                ? BsonValue.Null
                : Bson.Document(("temperature", reading.Temperature), ("humidity", reading.Humidity), ("at", reading.At))),
            ("last_seen", events.Max(e => e.At)));
    }

    private static BsonDocument Alerts(string device, FleetEvent[] events)
    {
        var alert = events.MaxBy(e => e.At)!;
        return Bson.Document(
            ("_id", Bson.Document(("d", device), ("s", "alerts"))),
            ("alert", Bson.Document(("error_code", alert.ErrorCode), ("severity", alert.Severity), ("at", alert.At))),
            ("last_seen", alert.At));
    }

    private static FleetEvent? Newest(FleetEvent[] events, Func<FleetEvent, bool> of) => events.Where(of).MaxBy(e => e.At);

    private static BsonValue At(FleetEvent? e) => e is null ? BsonValue.Null : e.At;
}
