using System.Globalization;
using System.Text;
using IotBus.Kafka;

namespace IotBus.DevHost.DeadLetters;

/// <summary>A summary of dead letters for a person.</summary>
internal static class SummaryText
{
    private const int KeyWidth = 24;
    private const int ReasonWidth = 40;
    private const int ErrorWidth = 80;

    /// <summary>How many there are of each topic and reason.</summary>
    public static string Groups(DeadLetterSummary summary)
    {
        var table = new TextTable("TOPIC", "REASON", "LETTERS", "OLDEST", "NEWEST").Right(2);
        foreach (var group in summary.Groups)
            table.Add(group.Topic, PlainText.Line(group.Reason, ReasonWidth), Count(group.Count), Time(group.Oldest), Time(group.Newest));

        return table.ToString();
    }

    /// <summary>The newest ones; empty where there are none to name.</summary>
    public static string Newest(DeadLetterSummary summary)
    {
        if (summary.Newest.Count == 0)
            return "";

        var table = new TextTable("LETTER", "PUT ASIDE", "REASON", "KEY", "TRIES", "ERROR").Right(4);
        foreach (var letter in summary.Newest)
        {
            table.Add(
                letter.Place.ToString(),
                Time(letter.At),
                PlainText.Line(letter.Reason, ReasonWidth),
                PlainText.Line(letter.Key, KeyWidth),
                letter.Attempts is { } attempts ? Count(attempts) : "-",
                PlainText.Line(Error(letter), ErrorWidth));
        }

        var heading = summary.Newest.Count == summary.Count ? "" : $"The newest {Count(summary.Newest.Count)}:\n\n";
        return heading + table;
    }

    /// <summary>What cannot be replayed, and why; empty where all can.</summary>
    public static string Left(IReadOnlyList<DeadLettersLeft> left)
    {
        var text = new StringBuilder();
        foreach (var letters in left)
            text.Append(CultureInfo.InvariantCulture, $"  {letters.Count:N0}: {PlainText.Line(letters.Why, 200)} (such as {letters.Example})\n");

        return text.ToString();
    }

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Letters(long count) => count == 1 ? "1 letter" : $"{Count(count)} letters";

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string? Error(DeadLetterEntry letter)
    {
        var type = letter.ExceptionType?.Split('.')[^1];
        return type is null ? letter.ExceptionMessage : $"{type}: {letter.ExceptionMessage}";
    }
}
