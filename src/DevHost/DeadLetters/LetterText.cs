using System.Globalization;
using System.Text;
using IotBus.Kafka;

namespace IotBus.DevHost.DeadLetters;

/// <summary>A dead letter with all that belongs to it, for a person.</summary>
internal static class LetterText
{
    private const int LineWidth = 1024;

    /// <param name="letter">The letter.</param>
    /// <param name="maxBytes">How many bytes of its value are shown.</param>
    public static string Of(DeadLetter letter, int maxBytes)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{letter.Place}\n");
        Line("put aside", SummaryText.Time(letter.At));
        Line("reason", letter.Reason);
        Line("error", letter.ExceptionType is null ? letter.ExceptionMessage : $"{letter.ExceptionType}: {letter.ExceptionMessage}");
        Line("came from", letter.Origin is { } origin ? $"{origin}{(letter.OriginTimestamp is { } then ? ", of " + SummaryText.Time(then) : "")}" : null);
        Line("tried", Tries(letter));
        Line("consumer", letter.Consumer);
        Line("group", letter.Group);
        Line("message id", letter.MessageId?.ToString());
        if (letter.NotReplayable is { } why)
            Line("stays here", why);

        text.Append(CultureInfo.InvariantCulture, $"  {"key",-11} {PlainText.Line(letter.Key, LineWidth)}\n");
        foreach (var header in letter.Headers)
            text.Append(CultureInfo.InvariantCulture, $"  header      {PlainText.Line(header.Key, LineWidth)}: {PlainText.Line(header.Value, LineWidth)}\n");

        Value(text, letter.Value, maxBytes);
        return text.ToString();

        void Line(string name, string? value)
        {
            if (value is not null)
                text.Append(CultureInfo.InvariantCulture, $"  {name,-11} {PlainText.Line(value, LineWidth)}\n");
        }
    }

    private static string? Tries(DeadLetter letter)
    {
        if (letter.Attempts is not { } attempts)
            return null;

        var times = attempts == 1 ? "once" : $"{SummaryText.Count(attempts)} times";
        return letter is { FirstFailure: { } first, LastFailure: { } last } && first != last
            ? $"{times}, from {SummaryText.Time(first)} to {SummaryText.Time(last)}"
            : times;
    }

    private static void Value(StringBuilder text, ReadOnlyMemory<byte>? value, int maxBytes)
    {
        if (value is not { } bytes)
        {
            text.Append("  value       none\n");
            return;
        }

        var shown = bytes.Span[..Whole(bytes.Span, Math.Min(bytes.Length, maxBytes))];
        var cut = shown.Length < bytes.Length ? $", of which the first {SummaryText.Count(shown.Length)} (more with --bytes N, all with --json)" : "";
        text.Append(CultureInfo.InvariantCulture, $"  value       {SummaryText.Count(bytes.Length)} bytes{cut}\n\n");
        text.Append(PlainText.Lines(shown) is { } lines ? "    " + lines.ReplaceLineEndings("\n    ").TrimEnd() + "\n" : HexDump.Of(shown, "    "));
    }

    /// <summary>No more than so many bytes, and no part of a character at the end.</summary>
    private static int Whole(ReadOnlySpan<byte> bytes, int length)
    {
        var whole = length;
        while (whole < bytes.Length && whole > 0 && length - whole < 4 && (bytes[whole] & 0xc0) == 0x80)
            whole--;

        return whole;
    }
}
