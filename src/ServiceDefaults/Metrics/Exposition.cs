using System.Buffers;
using System.Text;

namespace IotBus.ServiceDefaults.Metrics;

/// <summary>Writes metrics in Prometheus' text format 0.0.4, UTF-8.</summary>
internal sealed class Exposition(IBufferWriter<byte> output)
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public void Header(string name, string? help, MetricKind kind)
    {
        Text("# HELP ");
        Text(name);
        Text(" ");
        Text(Labels.Escape(help ?? name, quotes: false));
        Text("\n# TYPE ");
        Text(name);
        Text(kind switch
        {
            MetricKind.Counter => " counter\n",
            MetricKind.Gauge => " gauge\n",
            _ => " histogram\n",
        });
    }

    public void Family(MetricFamily family, IReadOnlyList<Series> series)
    {
        Header(family.Name, family.Help, family.Kind);
        Span<long> counts = stackalloc long[64];
        var buckets = family.Bounds.Length + 1;
        if (buckets > counts.Length)
            counts = new long[buckets];

        foreach (var one in series)
        {
            if (family.Kind == MetricKind.Histogram)
                Histogram(family, one, counts[..buckets]);
            else
                Sample(family.Name, one.Labels, one.Value);
        }
    }

    public void Sample(string name, string labels, double value, string suffix = "", string? le = null)
    {
        Text(name);
        Text(suffix);
        if (labels.Length > 0 || le is not null)
        {
            Text("{");
            Text(labels);
            if (le is not null)
            {
                Text(labels.Length > 0 ? ",le=\"" : "le=\"");
                Text(le);
                Text("\"");
            }

            Text("}");
        }

        Text(" ");
        Number(value);
        Text("\n");
    }

    private void Histogram(MetricFamily family, Series series, Span<long> counts)
    {
        // The sum first: a sample that comes between is then in the counts and not yet in the sum, never the other way round.
        var sum = series.Value;
        series.CopyCounts(counts);
        var cumulated = 0L;
        for (var i = 0; i < family.Bounds.Length; i++)
        {
            cumulated += counts[i];
            Sample(family.Name, series.Labels, cumulated, "_bucket", Format(family.Bounds[i]));
        }

        cumulated += counts[^1];
        Sample(family.Name, series.Labels, cumulated, "_bucket", "+Inf");
        Sample(family.Name, series.Labels, sum, "_sum");
        Sample(family.Name, series.Labels, cumulated, "_count");
    }

    private void Number(double value) => Text(Format(value));

    private void Text(string text) => Encoding.UTF8.GetBytes(text, output);

    private static string Format(double value)
    {
        if (double.IsNaN(value))
            return "NaN";

        if (double.IsInfinity(value))
            return value > 0 ? "+Inf" : "-Inf";

        return value.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
