using IotBus.MongoDb;

namespace IotBus.Processors.Events;

/// <summary>A device's state as fields of a document.</summary>
internal static class DeviceStateFields
{
    public static void Write(BsonWriter writer, DeviceState state)
    {
        writer.WriteDateTime("last_seen"u8, state.LastSeen);
        if (state.Zone is { } zone)
        {
            writer.WriteString("zone"u8, zone.Value);
            writer.WriteDateTime("zone_at"u8, zone.At);
        }

        if (state.Firmware is { } firmware)
        {
            writer.WriteString("firmware"u8, firmware.Value);
            writer.WriteDateTime("firmware_at"u8, firmware.At);
        }

        if (state.UpdatingTo is { } update)
        {
            writer.WriteString("updating_to"u8, update.Value);
            writer.WriteDateTime("update_at"u8, update.At);
        }

        if (state.Reading is { } reading)
        {
            writer.WriteStartDocument("reading"u8);
            writer.WriteDouble("temperature"u8, reading.Value.Temperature);
            writer.WriteDouble("humidity"u8, reading.Value.Humidity);
            writer.WriteDateTime("at"u8, reading.At);
            writer.WriteEndDocument();
        }

        if (state.Alert is { } alert)
        {
            writer.WriteStartDocument("alert"u8);
            writer.WriteString("error_code"u8, alert.Value.ErrorCode);
            writer.WriteString("severity"u8, alert.Value.Severity);
            writer.WriteDateTime("at"u8, alert.At);
            writer.WriteEndDocument();
        }
    }

    public static DeviceState Read(BsonDocument document)
    {
        Known<(double, double)>? reading = document.TryGetDocument("reading"u8, out var r)
            ? new((r.GetDouble("temperature"u8), r.GetDouble("humidity"u8)), r.GetDateTime("at"u8))
            : null;
        Known<(string, string)>? alert = document.TryGetDocument("alert"u8, out var a)
            ? new((a.GetString("error_code"u8), a.GetString("severity"u8)), a.GetDateTime("at"u8))
            : null;
        return new DeviceState(
            document.GetDateTime("last_seen"u8),
            Text(document, "zone", "zone_at"),
            Text(document, "firmware", "firmware_at"),
            Text(document, "updating_to", "update_at"),
            reading,
            alert);
    }

    private static Known<string>? Text(BsonDocument document, string value, string at) =>
        document.TryGetString(value, out var text) ? new Known<string>(text, document.GetDateTime(at)) : null;
}
