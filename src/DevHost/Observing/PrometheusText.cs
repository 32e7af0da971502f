using System.Globalization;

namespace IotBus.DevHost.Observing;

/// <summary>Reads what a service tells at <c>/metrics</c>: the text format of Prometheus.</summary>
internal sealed class PrometheusText
{
    private readonly List<(string Name, string Labels, double Value)> _samples = [];

    public static PrometheusText Parse(string text)
    {
        var parsed = new PrometheusText();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.IsEmpty || line[0] == '#')
                continue;

            // Label values may hold spaces and braces, so the value is found behind the last brace.
            var labelsStart = line.IndexOf('{');
            var labelsEnd = line.LastIndexOf('}');
            var nameEnd = labelsStart >= 0 && labelsEnd > labelsStart ? labelsStart : line.IndexOf(' ');
            if (nameEnd <= 0)
                continue;

            var rest = (nameEnd == labelsStart ? line[(labelsEnd + 1)..] : line[nameEnd..]).Trim();
            var space = rest.IndexOf(' ');
            if (TryNumber(space < 0 ? rest : rest[..space], out var value))
                parsed._samples.Add((line[..nameEnd].ToString(), nameEnd == labelsStart ? line[labelsStart..(labelsEnd + 1)].ToString() : "", value));
        }

        return parsed;
    }

    public bool Has(string name) => _samples.Exists(sample => sample.Name == name);

    /// <summary>The sum over all label values; 0 when there is none.</summary>
    public double Sum(string name) => _samples.Where(sample => sample.Name == name).Sum(sample => sample.Value);

    /// <summary>The sum over the samples in which the label has one of these values.</summary>
    public double Sum(string name, string label, params ReadOnlySpan<string> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            var pair = $"{label}=\"{value}\"";
            sum += _samples.Where(sample => sample.Name == name && sample.Labels.Contains(pair, StringComparison.Ordinal)).Sum(sample => sample.Value);
        }

        return sum;
    }

    /// <summary>A histogram's counts by upper bound, summed over all other labels, in the order of the bounds.</summary>
    public SortedDictionary<double, double> Buckets(string name)
    {
        var buckets = new SortedDictionary<double, double>();
        foreach (var sample in _samples.Where(sample => sample.Name == name + "_bucket"))
        {
            if (UpperBound(sample.Labels) is { } bound)
                buckets[bound] = buckets.GetValueOrDefault(bound) + sample.Value;
        }

        return buckets;
    }

    private static double? UpperBound(string labels)
    {
        const string Label = "le=\"";
        var start = labels.IndexOf(Label, StringComparison.Ordinal);
        var end = start < 0 ? -1 : labels.IndexOf('"', start + Label.Length);
        return end > 0 && TryNumber(labels.AsSpan()[(start + Label.Length)..end], out var bound) ? bound : null;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out double value)
    {
        if (text is "+Inf")
        {
            value = double.PositiveInfinity;
            return true;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}
