using System.Globalization;
using System.Text;

namespace IotBus.DevHost.Replay;

/// <summary>What came of a replay.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Rows">Rows in the file.</param>
/// <param name="Elapsed">From the first row to the last acknowledgement.</param>
/// <param name="Tally">What became of the rows.</param>
/// <param name="Applied">How many had an effect; null when that cannot be told.</param>
/// <param name="NotKnown">Why it cannot be told.</param>
internal sealed record ReplaySummary(string File, long Rows, TimeSpan Elapsed, Tally Tally, long? Applied, string NotKnown)
{
    public string Text()
    {
        var text = new StringBuilder();
        var rate = Elapsed > TimeSpan.Zero ? Tally.Done / Elapsed.TotalSeconds : 0;
        Line(text, $"{File}: {Tally.Done:N0} of {Rows:N0} rows in {Elapsed.TotalSeconds:N1} s ({rate:N0}/s)");
        Count(text, "accepted", Tally.Accepted, "on Kafka, acknowledged");
        if (Applied is { } applied)
        {
            Count(text, "applied", applied, "new: in the reports now");
            Count(text, "duplicates", Tally.Accepted - applied, "sent before: no effect");
        }
        else
        {
            Line(text, $"  applied     not known: {NotKnown}");
            Line(text, $"  duplicates  not known");
        }

        Count(text, "rejected", Tally.Rejected, "refused by the Api");
        Errors(text, Tally.RejectedLines, Tally.Rejected);
        Count(text, "unreadable", Tally.Unreadable, "passed over");
        Errors(text, Tally.UnreadableLines, Tally.Unreadable);
        return text.ToString().TrimEnd();
    }

    private static void Count(StringBuilder text, string name, long count, string meaning) =>
        Line(text, $"  {name,-10} {count,12:N0}  {(count == 0 ? "" : meaning)}");

    private static void Errors(StringBuilder text, IReadOnlyList<RowError> errors, long count)
    {
        foreach (var error in errors)
            Line(text, $"    line {error.Line}: {error.Reason}");

        if (count > errors.Count)
            Line(text, $"    and {count - errors.Count:N0} more");
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture).TrimEnd()).Append('\n');
}
