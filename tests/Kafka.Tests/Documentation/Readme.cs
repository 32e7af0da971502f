using System.Text.RegularExpressions;

namespace IotBus.Kafka.Tests;

/// <summary>The library's README, as it was when the tests were built.</summary>
internal static partial class Readme
{
    private static readonly string Text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Kafka.README.md"));

    /// <summary>The defaults of the options in a section's table, by their names.</summary>
    public static Dictionary<string, string> Options(string heading)
    {
        var begin = Text.IndexOf($"## {heading}\n", StringComparison.Ordinal);
        Assert.True(begin >= 0, $"The README has no section '{heading}'.");
        var end = Text.IndexOf("\n## ", begin, StringComparison.Ordinal);
        return Row().Matches(end < 0 ? Text[begin..] : Text[begin..end]).ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value);
    }

    [GeneratedRegex(@"(?m)^\| `([A-Za-z]+)[^|]*\| ([^|]+) \|")]
    private static partial Regex Row();
}
