using System.Globalization;
using IotBus.Reporting.Parameters;

namespace IotBus.Reporting.Series;

/// <summary>How wide a bucket of a series is: a whole number of seconds, minutes, hours or days, written <c>10s</c>, <c>5m</c>, <c>1h</c>, <c>1d</c>.</summary>
internal static class BucketWidth
{
    /// <summary>How a width is written, as a regular expression, for the OpenAPI document.</summary>
    public const string Pattern = "^[0-9]+[smhd]$";

    /// <summary>What the width is chosen from when the caller leaves it open, so that a chart gets a few hundred points.</summary>
    private static readonly TimeSpan[] Steps =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15),
        TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromDays(1),
    ];

    public static TimeSpan? Read(string? text, string parameter, ParameterErrors errors)
    {
        if (text is null)
            return null;

        var unit = text.LastOrDefault() switch
        {
            's' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMinute,
            'h' => TimeSpan.TicksPerHour,
            'd' => TimeSpan.TicksPerDay,
            _ => 0,
        };
        if (unit > 0
            && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0
            && number <= SeriesRange.MaxLength.Ticks / unit)
            return TimeSpan.FromTicks(number * unit);

        errors.Add(parameter, $"Must be a whole number of s, m, h or d up to {SeriesRange.MaxLength.Days}d, for example 10s, 5m or 1h.");
        return null;
    }

    /// <summary>The smallest usual width that cuts <paramref name="length"/> into at most 300.</summary>
    public static TimeSpan For(TimeSpan length) => Array.Find(Steps, step => length / step <= 300);
}
