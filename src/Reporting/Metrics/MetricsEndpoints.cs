using IotBus.Reporting.Documentation;
using IotBus.Reporting.Parameters;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IotBus.Reporting.Metrics;

/// <summary>Counts and means, from the rollups.</summary>
internal static class MetricsEndpoints
{
    public static void MapMetrics(this IEndpointRouteBuilder endpoints)
    {
        var metrics = endpoints.MapGroup("/metrics").WithTags("Metrics").WithCheckedParameters();

        metrics.MapGet("/boots", GetBootsAsync)
            .WithName("GetBoots")
            .WithSummary("How many times devices have booted")
            .WithExample("""{"total_device_boots":42}""");
        metrics.MapGet("/temperature/average-by-zone", GetAverageByZoneAsync)
            .WithName("GetAverageByZone")
            .WithSummary("Mean temperature (°C) and humidity (% RH) of each zone")
            .WithExample("""[{"_id":"warehouse-A","avg_temp":24.5,"avg_hum":45,"samples":3600}]""");
        metrics.MapGet("/alerts", GetAlertsAsync)
            .WithName("GetAlerts")
            .WithSummary("How many alerts there were of each severity")
            .WithExample("""[{"_id":"critical","count":3},{"_id":"medium","count":17}]""");
        metrics.MapGet("/activity/last7days", GetActivityAsync)
            .WithName("GetActivity")
            .WithSummary("How many events arrived on each UTC day")
            .WithDescription(
                "By the hour of arrival, not of the event. Without from and to: since the hour in which now was seven days ago. "
                + "from replaces that start; to alone asks for the seven days before it.")
            .WithExample("""[{"_id":"2026-05-03","events_count":86400},{"_id":"2026-05-04","events_count":43200}]""");
        metrics.MapGet("/firmware", GetFirmwareAsync)
            .WithName("GetFirmware")
            .WithSummary("How many firmware updates were started to each version")
            .WithExample("""[{"_id":"1.4.2","count":12},{"_id":"1.5.0","count":30}]""");
    }

    private static async Task<Ok<BootTotal>> GetBootsAsync(
        [AsParameters] MetricsParameters parameters, Rollups rollups, CancellationToken cancellationToken)
    {
        var sums = await rollups.SumAsync(RollupKind.Boot, parameters.ToFilter(), RollupKey.None, cancellationToken);
        return TypedResults.Ok(new BootTotal(sums.Values.Sum(sum => sum.Count)));
    }

    private static async Task<Ok<IReadOnlyList<ZoneAverage>>> GetAverageByZoneAsync(
        [AsParameters] MetricsParameters parameters, Rollups rollups, CancellationToken cancellationToken)
    {
        var sums = await rollups.SumAsync(RollupKind.Telemetry, parameters.ToFilter(), RollupKey.Zone, cancellationToken);
        return TypedResults.Ok<IReadOnlyList<ZoneAverage>>(
        [
            .. from zone in sums
               where zone.Value.Count > 0
               select new ZoneAverage(
                   zone.Key, zone.Value.Temperature / zone.Value.Count, zone.Value.Humidity / zone.Value.Count, zone.Value.Count),
        ]);
    }

    private static async Task<Ok<IReadOnlyList<ValueCount>>> GetAlertsAsync(
        [AsParameters] MetricsParameters parameters, Rollups rollups, CancellationToken cancellationToken) =>
        Counts(await rollups.SumAsync(RollupKind.Alert, parameters.ToFilter(), RollupKey.Value, cancellationToken));

    private static async Task<Ok<IReadOnlyList<DayActivity>>> GetActivityAsync(
        [AsParameters] MetricsParameters parameters, Rollups rollups, TimeProvider time, CancellationToken cancellationToken)
    {
        var filter = parameters.ToFilter();
        var window = filter with { Hours = filter.Hours.OrLastWeek(time) };
        var sums = await rollups.SumAsync(RollupKind.Ingested, window, RollupKey.Day, cancellationToken);
        return TypedResults.Ok<IReadOnlyList<DayActivity>>([.. sums.Select(day => new DayActivity(day.Key, day.Value.Count))]);
    }

    private static async Task<Ok<IReadOnlyList<ValueCount>>> GetFirmwareAsync(
        [AsParameters] MetricsParameters parameters, Rollups rollups, CancellationToken cancellationToken) =>
        Counts(await rollups.SumAsync(RollupKind.FirmwareUpdate, parameters.ToFilter(), RollupKey.Value, cancellationToken));

    private static Ok<IReadOnlyList<ValueCount>> Counts(IReadOnlyDictionary<string, RollupSum> sums) =>
        TypedResults.Ok<IReadOnlyList<ValueCount>>([.. sums.Select(value => new ValueCount(value.Key, value.Value.Count))]);
}
