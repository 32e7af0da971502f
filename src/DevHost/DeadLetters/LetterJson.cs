using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using IotBus.Kafka;

namespace IotBus.DevHost.DeadLetters;

/// <summary>Dead letters for machines. Bytes that are UTF-8 are text; others are base64 in a member of the name with <c>_base64</c>.</summary>
internal static class LetterJson
{
    /// <summary>A summary as one object of one line.</summary>
    public static string Of(DeadLetterSummary summary) => Write(json =>
    {
        json.WriteNumber("letters", summary.Count);
        json.WriteNumber("handled_before", summary.Handled);
        json.WriteNumber("not_replayable", summary.NotReplayable.Sum(left => left.Count));
        json.WriteStartArray("groups");
        foreach (var group in summary.Groups)
        {
            json.WriteStartObject();
            json.WriteString("topic", group.Topic);
            json.WriteString("reason", group.Reason);
            json.WriteNumber("letters", group.Count);
            json.WriteString("oldest", Time(group.Oldest));
            json.WriteString("newest", Time(group.Newest));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("newest");
        foreach (var entry in summary.Newest)
            Entry(json, entry);

        json.WriteEndArray();
    });

    /// <summary>A letter with all that belongs to it, as one object of one line.</summary>
    public static string Of(DeadLetter letter) => Write(json =>
    {
        Place(json, "letter", letter.Place);
        json.WriteString("put_aside", Time(letter.At));
        Place(json, "origin", letter.Origin);
        json.WriteString("origin_timestamp", Time(letter.OriginTimestamp));
        json.WriteString("reason", letter.Reason);
        json.WriteString("exception_type", letter.ExceptionType);
        json.WriteString("exception_message", letter.ExceptionMessage);
        Number(json, "attempts", letter.Attempts);
        json.WriteString("first_failure", Time(letter.FirstFailure));
        json.WriteString("last_failure", Time(letter.LastFailure));
        json.WriteString("consumer", letter.Consumer);
        json.WriteString("group", letter.Group);
        json.WriteString("message_id", letter.MessageId?.ToString());
        json.WriteString("left_out", letter.LeftOut);
        json.WriteString("not_replayable", letter.NotReplayable);
        Bytes(json, "key", letter.Key);
        json.WriteStartArray("headers");
        foreach (var header in letter.Headers)
        {
            json.WriteStartObject();
            json.WriteString("name", header.Key);
            Bytes(json, "value", header.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Bytes(json, "value", letter.Value);
    });

    private static void Entry(Utf8JsonWriter json, DeadLetterEntry entry)
    {
        json.WriteStartObject();
        Place(json, "letter", entry.Place);
        json.WriteString("put_aside", Time(entry.At));
        Place(json, "origin", entry.Origin);
        json.WriteString("reason", entry.Reason);
        json.WriteString("exception_type", entry.ExceptionType);
        json.WriteString("exception_message", entry.ExceptionMessage);
        Number(json, "attempts", entry.Attempts);
        json.WriteString("message_id", entry.MessageId?.ToString());
        Bytes(json, "key", entry.Key);
        Number(json, "value_length", entry.ValueLength);
        json.WriteEndObject();
    }

    private static void Place(Utf8JsonWriter json, string name, MessagePlace? place) => json.WriteString(name, place?.ToString());

    private static void Number(Utf8JsonWriter json, string name, int? number)
    {
        if (number is { } some)
            json.WriteNumber(name, some);
        else
            json.WriteNull(name);
    }

    private static void Bytes(Utf8JsonWriter json, string name, ReadOnlyMemory<byte>? bytes)
    {
        if (bytes is not { } some)
            json.WriteNull(name);
        else if (PlainText.Decode(some.Span) is { } text)
            json.WriteString(name, text);
        else
            json.WriteBase64String(name + "_base64", some.Span);
    }

    private static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
