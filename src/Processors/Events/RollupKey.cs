namespace IotBus.Processors.Events;

/// <summary>What one rollup counts within a partition: an hour, a kind, and as much of zone, value and device as the kind has.</summary>
internal readonly record struct RollupKey(DateTime Hour, string Kind, string? Zone, string? Value, string? Device)
{
    /// <summary>Counts by hour of ingestion; all other kinds are types of events, by hour of the event.</summary>
    public const string Ingested = "ingested";

    public static DateTime HourOf(DateTimeOffset instant)
    {
        var ticks = instant.UtcTicks;
        return new DateTime(ticks - (ticks % TimeSpan.TicksPerHour), DateTimeKind.Utc);
    }
}
