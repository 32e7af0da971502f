namespace IotBus.Reporting.Metrics;

/// <summary>Which events a metric counts: those of the hours, and of the zone and the device where these are not null.</summary>
internal sealed record MetricsFilter(HourRange Hours, string? Zone, string? Device);
