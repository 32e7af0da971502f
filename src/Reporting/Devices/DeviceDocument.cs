using IotBus.MongoDb;

namespace IotBus.Reporting.Devices;

/// <summary>Reads documents of the collection <c>devices</c>.</summary>
internal static class DeviceDocument
{
    public static string Device(BsonDocument document) => document.GetDocument("_id"u8).GetString("d"u8);

    /// <summary>What the document of one stream tells, added to what the other told.</summary>
    public static DeviceState Merge(DeviceState state, BsonDocument document) => state with
    {
        Zone = Text(document, "zone") ?? state.Zone,
        ZoneAt = Time(document, "zone_at") ?? state.ZoneAt,
        Firmware = Text(document, "firmware") ?? state.Firmware,
        FirmwareAt = Time(document, "firmware_at") ?? state.FirmwareAt,
        UpdatingTo = Text(document, "updating_to") ?? state.UpdatingTo,
        UpdateAt = Time(document, "update_at") ?? state.UpdateAt,
        Reading = document.TryGetDocument("reading"u8, out var reading) ? Reading(reading) : state.Reading,
        Alert = document.TryGetDocument("alert"u8, out var alert) ? Alert(alert) : state.Alert,
        LastSeen = Later(Time(document, "last_seen"), state.LastSeen),
    };

    private static LastReading Reading(BsonDocument reading) => new(
        reading.GetDouble("temperature"u8), reading.GetDouble("humidity"u8), reading.GetDateTime("at"u8).UtcDateTime);

    private static LastAlert Alert(BsonDocument alert) => new(
        alert.GetString("error_code"u8), alert.GetString("severity"u8), alert.GetDateTime("at"u8).UtcDateTime);

    private static string? Text(BsonDocument document, string name) => document.TryGetString(name, out var text) ? text : null;

    private static DateTime? Time(BsonDocument document, string name) =>
        document.TryGetDateTime(name, out var time) ? time.UtcDateTime : null;

    private static DateTime? Later(DateTime? left, DateTime? right) => right is null || left > right ? left : right;
}
