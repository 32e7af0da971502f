using System.Globalization;
using System.Text;

namespace IotBus.DevHost.DeadLetters;

/// <summary>
/// What came from anyone, for a terminal: characters that would steer it, or turn the line around, are shown by their numbers.
/// </summary>
internal static class PlainText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>One line, cut to so many characters.</summary>
    public static string Line(string? text, int width)
    {
        var plain = Of(text ?? "-", keepLines: false);
        return plain.Length <= width ? plain : string.Concat(plain.AsSpan(0, width - 1), "…");
    }

    /// <summary>Bytes on one line: as text where they are UTF-8, else in hexadecimal digits behind <c>0x</c>.</summary>
    public static string Line(ReadOnlyMemory<byte>? bytes, int width) => bytes is not { } some
        ? "-"
        : Line(Decode(some.Span) ?? "0x" + Convert.ToHexStringLower(some.Span[..Math.Min(some.Length, width)]), width);

    /// <summary>Bytes as text of several lines; null where they are not UTF-8.</summary>
    public static string? Lines(ReadOnlySpan<byte> bytes) => Decode(bytes) is { } text ? Of(text, keepLines: true) : null;

    /// <summary>The text of bytes that are UTF-8; null where they are not.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string Of(string text, bool keepLines)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var steers = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
            if (!steers || (keepLines && rune.Value is '\n' or '\t'))
                plain.Append(rune.ToString());
            else
                plain.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
        }

        return plain.ToString();
    }
}
