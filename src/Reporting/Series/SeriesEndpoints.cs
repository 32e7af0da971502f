using IotBus.Reporting.Documentation;
using IotBus.Reporting.Parameters;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IotBus.Reporting.Series;

/// <summary>The readings of a device over time.</summary>
internal static class SeriesEndpoints
{
    public static void MapSeries(this IEndpointRouteBuilder endpoints)
    {
        var series = endpoints.MapGroup("/series").WithTags("Series").WithCheckedParameters();

        series.MapGet("/{device}", GetAsync)
            .WithName("GetSeries")
            .WithSummary("Temperature (°C) and humidity (% RH) of a device over time, in buckets")
            .WithDescription(
                "Buckets begin at multiples of their width since 1970-01-01T00:00Z; those without a reading are left out, and so a device that is not "
                + "known has none. The first and the last hold only what lies between from and to. Readings older than 30 days have expired.")
            .WithExample(
                """
                [{"t":"2026-05-04T03:00:00Z","count":300,"temperature":{"avg":24.5,"min":24.1,"max":24.9},"humidity":{"avg":45,"min":44,"max":46.5}}]
                """);
    }

    private static async Task<Ok<IReadOnlyList<SeriesBucket>>> GetAsync(
        [AsParameters] SeriesParameters parameters, SensorSeries series, CancellationToken cancellationToken) =>
        TypedResults.Ok(await series.ReadAsync(parameters.Device, parameters.ToRange(), cancellationToken));
}
