using System.Globalization;
using System.Text;

namespace IotBus.ServiceDefaults.Metrics;

/// <summary>Names and labels by the rules of Prometheus' text format 0.0.4.</summary>
internal static class Labels
{
    /// <summary>The tags as <c>a="b",c="d"</c>, sorted by name and escaped; empty without tags.</summary>
    public static string Format(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return "";

        var byName = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in tags)
        {
            var name = Name(key, colons: false);
            var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

            // Two tags may become one name; a label name must not appear twice.
            byName[name] = byName.TryGetValue(name, out var other) ? $"{other};{text}" : text;
        }

        var labels = new StringBuilder();
        foreach (var (name, value) in byName)
        {
            if (labels.Length > 0)
                labels.Append(',');

            labels.Append(name).Append("=\"").Append(Escape(value, quotes: true)).Append('"');
        }

        return labels.ToString();
    }

    /// <summary>A name of letters, digits and underscores, not beginning with a digit; metric names may also hold colons.</summary>
    public static string Name(string name, bool colons)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var character in name)
        {
            var allowed = char.IsAsciiLetterOrDigit(character) || character == '_' || (colons && character == ':');
            if (text.Length == 0 && char.IsAsciiDigit(character))
                text.Append('_');

            text.Append(allowed ? character : '_');
        }

        return text.Length == 0 ? "_" : text.ToString();
    }

    public static string Escape(string text, bool quotes)
    {
        if (text.AsSpan().IndexOfAny('\\', '\n', '"') < 0)
            return text;

        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
