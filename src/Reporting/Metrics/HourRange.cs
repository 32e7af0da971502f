using IotBus.Reporting.Parameters;

namespace IotBus.Reporting.Metrics;

/// <summary>A stretch of full UTC hours: from <paramref name="From"/> up to, but not including, <paramref name="To"/>; open where null.</summary>
internal readonly record struct HourRange(DateTimeOffset? From, DateTimeOffset? To)
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>Reads the two parameters. Rollups are kept by the hour, so a bound within an hour could only be answered wrongly.</summary>
    public static HourRange Read(string? from, string? to, ParameterErrors errors)
    {
        var range = new HourRange(ReadHour(from, "from", errors), ReadHour(to, "to", errors));
        if (range.From >= range.To && errors.NoneOf("from", "to"))
            errors.Add("from", "Must be before to.");

        return range;
    }

    /// <summary>The range itself where it has a start; otherwise the seven days that end at <see cref="To"/>, or that have passed by now.</summary>
    public HourRange OrLastWeek(TimeProvider time) =>
        From is null ? this with { From = StartOfHour((To ?? time.GetUtcNow()) - Week) } : this;

    private static DateTimeOffset? ReadHour(string? text, string parameter, ParameterErrors errors)
    {
        var instant = Instant.Read(text, parameter, errors);
        if (instant is { } read && read != StartOfHour(read))
            errors.Add(parameter, "Must fall on a full hour UTC: metrics are kept by the hour. /series/{device} answers for any instant.");

        return instant;
    }

    private static DateTimeOffset StartOfHour(DateTimeOffset instant) =>
        new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerHour, TimeSpan.Zero);
}
