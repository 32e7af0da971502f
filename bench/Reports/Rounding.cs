using System.Text.Json.Nodes;

namespace IotBus.Bench.Reports;

internal static class Rounding
{
    /// <summary>Four significant digits or, above 1,000, whole numbers: what a run on a busy machine is worth.</summary>
    public static double Short(double value)
    {
        if (value == 0 || !double.IsFinite(value))
            return 0;

        var digits = 3 - (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return Math.Round(value, Math.Clamp(digits, 0, 15));
    }

    public static JsonArray Short(IEnumerable<double> values) => new([.. values.Select(value => (JsonNode)Short(value))]);
}
