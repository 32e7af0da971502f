using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace IotBus.ServiceDefaults.Tests.Fixtures;

/// <summary>Prometheus' text format 0.0.4, read as strictly as it is specified.</summary>
internal sealed partial class Scrape
{
    private readonly Dictionary<string, double> _samples = [];

    public Dictionary<string, string> Types { get; } = [];

    public Dictionary<string, string> Helps { get; } = [];

    public IReadOnlyDictionary<string, double> Samples => _samples;

    /// <summary>The sample with this name and these labels, written as in the text.</summary>
    public double this[string series] => _samples[series];

    public static Scrape Parse(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var scrape = new Scrape();
        string? family = null;
        foreach (var line in text[..^1].Split('\n'))
            family = scrape.Read(line, family);

        return scrape;
    }

    public IEnumerable<string> SeriesOf(string family) =>
        _samples.Keys.Where(series => series == family || series.StartsWith(family + "{", StringComparison.Ordinal));

    private string? Read(string line, string? family)
    {
        if (HelpLine().Match(line) is { Success: true } help)
        {
            Assert.True(Helps.TryAdd(help.Groups["name"].Value, Unescape(help.Groups["text"].Value)), $"A second HELP: {line}");
            return help.Groups["name"].Value;
        }

        if (TypeLine().Match(line) is { Success: true } type)
        {
            Assert.Equal(family, type.Groups["name"].Value);
            Assert.True(Types.TryAdd(type.Groups["name"].Value, type.Groups["type"].Value), $"A second TYPE: {line}");
            return type.Groups["name"].Value;
        }

        var sample = SampleLine().Match(line);
        Assert.True(sample.Success, $"Not a line of the format: {line}");
        var name = sample.Groups["name"].Value;
        var known = Types[family!] == "histogram" ? HistogramSuffix().Replace(name, "") : name;
        Assert.Equal(family, known);
        var value = sample.Groups["value"].Value switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            var number => double.Parse(number, CultureInfo.InvariantCulture),
        };
        Assert.True(_samples.TryAdd(name + sample.Groups["labels"].Value, value), $"A second sample: {line}");
        return family;
    }

    private static string Unescape(string text) =>
        new StringBuilder(text).Replace("\\\\", "\u0001").Replace("\\n", "\n").Replace("\u0001", "\\").ToString();

    [GeneratedRegex(@"^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>([^\\]|\\\\|\\n)*)$")]
    private static partial Regex HelpLine();

    [GeneratedRegex(@"^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\{([a-zA-Z_][a-zA-Z0-9_]*=""([^""\\]|\\\\|\\n|\\"")*"",?)+\})? (?<value>[-+]?(Inf|NaN|[0-9.E+-]+))$")]
    private static partial Regex SampleLine();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex HistogramSuffix();
}
