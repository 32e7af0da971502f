using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IotBus.Messages;

/// <summary>
/// Timestamps as ISO 8601 (the extended profile of RFC 3339, offset optional). One without an offset is UTC, as the Python clients send it; all are
/// held and written in UTC with a <c>Z</c>.
/// </summary>
public sealed class UtcTimestampConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (TryRead(ref reader, out var timestamp))
            return timestamp;

        throw new JsonException("The timestamp is not ISO 8601, for example 2026-05-04T03:02:01Z.");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime);

    /// <summary>Reads the timestamp that a reader stands at, without an exception for one that is none.</summary>
    public static bool TryRead(ref Utf8JsonReader reader, out DateTimeOffset timestamp)
    {
        timestamp = default;
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetDateTime(out var parsed))
            return false;

        timestamp = ToUtc(parsed);
        return true;
    }

    /// <summary>Reads a timestamp outside JSON (a query parameter, a file's cell) by the same rule.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset timestamp)
    {
        timestamp = default;
        Span<byte> json = stackalloc byte[66];
        if (text.Length > 64 || !Ascii.IsValid(text) || text.ContainsAny('"', '\\'))
            return false;

        json[0] = (byte)'"';
        var length = Encoding.ASCII.GetBytes(text, json[1..]);
        json[length + 1] = (byte)'"';
        var reader = new Utf8JsonReader(json[..(length + 2)]);
        try
        {
            if (!reader.Read() || !reader.TryGetDateTime(out var parsed))
                return false;

            timestamp = ToUtc(parsed);
            return true;
        }
        catch (JsonException)
        {
            // A control character is the one thing the checks above let through.
            return false;
        }
    }

    private static DateTimeOffset ToUtc(DateTime parsed) =>
        new(parsed.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(parsed, DateTimeKind.Utc) : parsed.ToUniversalTime());
}
