using System.Text.Json;
using IotBus.Api.Fields;
using IotBus.Messages;

namespace IotBus.Api.Batches;

/// <summary>Reads a line's JSON straight into an <see cref="EventLine"/>, by the same rules as a single request is read.</summary>
internal static class EventLineReader
{
    /// <returns>Null, or why the line is no JSON object.</returns>
    public static string? Read(ReadOnlySpan<byte> utf8, out EventLine line)
    {
        line = default;
        var start = utf8.IndexOfAnyExcept(" \t\r\n"u8);
        if (start < 0 || utf8[start] != (byte)'{')
            return "The line must be a JSON object.";

        var reader = new Utf8JsonReader(utf8);
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!ReadMember(ref reader, ref line))
                    return Malformed(reader.TokenStartIndex);
            }

            // Whatever follows the object makes the reader throw.
            reader.Read();
            return null;
        }
        catch (JsonException exception)
        {
            // The reader has no other way to say it. Only malformed JSON costs this, never a broken rule.
            return Malformed(exception.BytePositionInLine ?? 0);
        }
    }

    private static string Malformed(long position) => $"The line is malformed JSON at position {position + 1}.";

    private static bool ReadMember(ref Utf8JsonReader reader, ref EventLine line)
    {
        if (!reader.ValueIsEscaped)
        {
            var member = MemberOf(reader.ValueSpan);
            reader.Read();
            ReadValue(member, ref reader, ref line);
            return true;
        }

        if (!JsonText.TryDecode(ref reader, out var name))
            return false;

        Span<byte> utf8 = stackalloc byte[16];
        var known = name.Length <= utf8.Length && System.Text.Ascii.IsValid(name);
        var length = known ? System.Text.Encoding.ASCII.GetBytes(name, utf8) : 0;
        reader.Read();
        ReadValue(MemberOf(utf8[..length]), ref reader, ref line);
        return true;
    }

    private static void ReadValue(Member member, ref Utf8JsonReader reader, ref EventLine line)
    {
        switch (member)
        {
            case Member.Type:
                ReadType(ref reader, ref line);
                break;
            case Member.EventId:
                line.EventId = FieldReader.Id(ref reader);
                break;
            case Member.Timestamp:
                line.Timestamp = FieldReader.Timestamp(ref reader);
                break;
            case Member.DeviceId:
                line.DeviceId = FieldReader.Text(ref reader);
                break;
            case Member.ZoneId:
                line.ZoneId = FieldReader.Text(ref reader);
                break;
            case Member.Firmware:
                line.Firmware = FieldReader.Text(ref reader);
                break;
            case Member.Temperature:
                line.Temperature = FieldReader.Number(ref reader);
                break;
            case Member.Humidity:
                line.Humidity = FieldReader.Number(ref reader);
                break;
            case Member.VersionTo:
                line.VersionTo = FieldReader.Text(ref reader);
                break;
            case Member.ErrorCode:
                line.ErrorCode = FieldReader.Text(ref reader);
                break;
            case Member.Severity:
                line.Severity = FieldReader.Text(ref reader);
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private static void ReadType(ref Utf8JsonReader reader, ref EventLine line)
    {
        line.UnknownType = default;
        line.Kind = reader is { TokenType: JsonTokenType.String, ValueIsEscaped: false } ? KindOf(reader.ValueSpan) : LineKind.None;
        if (line.Kind != LineKind.None)
            return;

        line.UnknownType = FieldReader.Text(ref reader);
        line.Kind = line.UnknownType.Value switch
        {
            EventTypes.Boot => LineKind.Boot,
            EventTypes.Telemetry => LineKind.Telemetry,
            EventTypes.FirmwareUpdate => LineKind.FirmwareUpdate,
            EventTypes.Alert => LineKind.Alert,
            _ => LineKind.None,
        };
    }

    private static LineKind KindOf(ReadOnlySpan<byte> utf8) => utf8.Length switch
    {
        4 when utf8.SequenceEqual("boot"u8) => LineKind.Boot,
        5 when utf8.SequenceEqual("alert"u8) => LineKind.Alert,
        9 when utf8.SequenceEqual("telemetry"u8) => LineKind.Telemetry,
        15 when utf8.SequenceEqual("firmware_update"u8) => LineKind.FirmwareUpdate,
        _ => LineKind.None,
    };

    private static Member MemberOf(ReadOnlySpan<byte> utf8) => utf8.Length switch
    {
        4 when utf8.SequenceEqual("type"u8) => Member.Type,
        7 when utf8.SequenceEqual("zone_id"u8) => Member.ZoneId,
        8 when utf8.SequenceEqual("event_id"u8) => Member.EventId,
        8 when utf8.SequenceEqual("humidity"u8) => Member.Humidity,
        8 when utf8.SequenceEqual("firmware"u8) => Member.Firmware,
        8 when utf8.SequenceEqual("severity"u8) => Member.Severity,
        9 when utf8.SequenceEqual("device_id"u8) => Member.DeviceId,
        9 when utf8.SequenceEqual("timestamp"u8) => Member.Timestamp,
        10 when utf8.SequenceEqual("version_to"u8) => Member.VersionTo,
        10 when utf8.SequenceEqual("error_code"u8) => Member.ErrorCode,
        11 when utf8.SequenceEqual("temperature"u8) => Member.Temperature,
        _ => Member.Other,
    };

    private enum Member : byte
    {
        Other,
        Type,
        EventId,
        Timestamp,
        DeviceId,
        ZoneId,
        Firmware,
        Temperature,
        Humidity,
        VersionTo,
        ErrorCode,
        Severity,
    }
}
