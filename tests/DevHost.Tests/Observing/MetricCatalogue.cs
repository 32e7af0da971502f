using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace IotBus.DevHost.Tests.Observing;

/// <summary>Which metrics there are: their type, their labels, who exports them, and what they mean.</summary>
internal sealed class MetricCatalogue
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    private static readonly string[] Suffixes = ["_bucket", "_sum", "_count"];

    private readonly SortedDictionary<string, Entry> _families = new(StringComparer.Ordinal);

    /// <summary>Adds what a service tells, in Prometheus' text format.</summary>
    public void Add(string service, string scrape)
    {
        foreach (var line in scrape.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (line.Split(' ', 4))
            {
                case ["#", "HELP", var name, var help]:
                    _families.TryAdd(name, new Entry("", [], [], help));
                    _families[name].Services.Add(service);
                    break;
                case ["#", "TYPE", var name, var type]:
                    _families[name] = _families[name] with { Type = type };
                    break;
                default:
                    AddLabels(line);
                    break;
            }
        }
    }

    /// <summary>JSON with a metric a line.</summary>
    public override string ToString()
    {
        var lines = _families.Select(family => $"  \"{family.Key}\": {JsonSerializer.Serialize(family.Value, Readable)}");
        return new StringBuilder("{\n").AppendJoin(",\n", lines).Append("\n}\n").ToString();
    }

    private void AddLabels(string sample)
    {
        var name = sample[..sample.IndexOfAny(['{', ' '])];
        if (!_families.TryGetValue(name, out var family))
            family = _families[Suffixes.Where(name.EndsWith).Select(suffix => name[..^suffix.Length]).Single()];

        var start = sample.IndexOf('{', StringComparison.Ordinal);
        var labels = start < 0 ? "" : sample[(start + 1)..sample.LastIndexOf('}')];
        foreach (var label in labels.Split("\",", StringSplitOptions.RemoveEmptyEntries))
        {
            if (label[..label.IndexOf('=', StringComparison.Ordinal)] is not "le" and var key)
                family.Labels.Add(key);
        }
    }

    private sealed record Entry(string Type, SortedSet<string> Labels, SortedSet<string> Services, string Help);
}
