using System.Globalization;
using System.Text.Json;
using IotBus.Messages;

namespace IotBus.Api.Fields;

/// <summary>
/// Reads the value a reader stands at, whatever it is, and moves past it when it is an object or an array. None of these throws for a value
/// that is wrong, only the reader does for JSON that is malformed. The reader's input must be one span.
/// </summary>
internal static class FieldReader
{
    private const int MaxNumberText = 64;

    public static Field<string> Text(ref Utf8JsonReader reader)
    {
        if (NotA(JsonTokenType.String, ref reader, out Field<string> fault))
            return fault;

        return JsonText.TryDecode(ref reader, out var text) ? Field<string>.Of(text) : Field<string>.Unreadable;
    }

    /// <summary>A UUID in its usual form of 36 characters.</summary>
    public static Field<Guid> Id(ref Utf8JsonReader reader)
    {
        if (NotA(JsonTokenType.String, ref reader, out Field<Guid> fault))
            return fault;

        if (!reader.ValueIsEscaped)
            return reader.TryGetGuid(out var id) ? Field<Guid>.Of(id) : Field<Guid>.Unreadable;

        return JsonText.TryDecode(ref reader, out var text) ? Id(text) : Field<Guid>.Unreadable;
    }

    public static Field<Guid> Id(ReadOnlySpan<char> text) =>
        Guid.TryParseExact(text, "D", out var id) && text.Length == 36 ? Field<Guid>.Of(id) : Field<Guid>.Unreadable;

    public static Field<DateTimeOffset> Timestamp(ref Utf8JsonReader reader)
    {
        if (NotA(JsonTokenType.String, ref reader, out Field<DateTimeOffset> fault))
            return fault;

        DateTimeOffset timestamp;
        if (!reader.ValueIsEscaped)
            return UtcTimestampConverter.TryRead(ref reader, out timestamp) ? Field<DateTimeOffset>.Of(timestamp) : Field<DateTimeOffset>.Unreadable;

        return JsonText.TryDecode(ref reader, out var text) && UtcTimestampConverter.TryParse(text, out timestamp)
            ? Field<DateTimeOffset>.Of(timestamp)
            : Field<DateTimeOffset>.Unreadable;
    }

    /// <summary>A number, or a text that holds one, which devices have always been allowed to send. May be infinite or NaN.</summary>
    public static Field<double> Number(ref Utf8JsonReader reader)
    {
        double number = 0;
        if (reader.TokenType == JsonTokenType.Number)
            return reader.TryGetDouble(out number) ? Field<double>.Of(number) : Field<double>.Unreadable;

        if (NotA(JsonTokenType.String, ref reader, out Field<double> fault))
            return fault;

        if (reader.ValueSpan.Length > MaxNumberText)
            return Field<double>.Unreadable;

        var isNumber = reader.ValueIsEscaped
            ? JsonText.TryDecode(ref reader, out var text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
            : double.TryParse(reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        return isNumber ? Field<double>.Of(number) : Field<double>.Unreadable;
    }

    private static bool NotA<T>(JsonTokenType expected, ref Utf8JsonReader reader, out Field<T> fault)
    {
        fault = reader.TokenType == JsonTokenType.Null ? Field<T>.Missing : Field<T>.WrongType;
        if (reader.TokenType == expected)
            return false;

        reader.Skip();
        return true;
    }
}
