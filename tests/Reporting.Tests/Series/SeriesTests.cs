using System.Globalization;
using System.Text.Json.Nodes;
using IotBus.Reporting.Tests.Fleet;
using IotBus.Reporting.Tests.Service;

namespace IotBus.Reporting.Tests.Series;

/// <summary>Buckets of a device's readings against a recount of the plant's events. Now is 2026-05-10T12:34:56Z.</summary>
public sealed class SeriesTests(PlantFixture plant) : IClassFixture<PlantFixture>
{
    [Theory]
    [InlineData("", "2026-05-09T12:34:56Z", "2026-05-10T12:34:56Z", 300)]
    [InlineData("?bucket=1h", "2026-05-09T12:34:56Z", "2026-05-10T12:34:56Z", 3600)]
    [InlineData("?from=2026-05-01&to=2026-05-10T12:00:00Z&bucket=1d", "2026-05-01T00:00:00Z", "2026-05-10T12:00:00Z", 86400)]
    [InlineData("?from=2026-05-02T03:04:05.678Z&to=2026-05-09T03:04:05.678&bucket=7h", "2026-05-02T03:04:05.678Z", "2026-05-09T03:04:05.678Z", 25200)]
    [InlineData("?from=2026-05-03T02:00:00%2B02:00&to=2026-05-05T00:00:00Z&bucket=5m", "2026-05-03T00:00:00Z", "2026-05-05T00:00:00Z", 300)]
    [InlineData("?to=2026-05-05T00:00:00Z&bucket=90s", "2026-05-04T00:00:00Z", "2026-05-05T00:00:00Z", 90)]
    [InlineData("?from=2026-05-01&to=2026-05-31&bucket=31d", "2026-05-01T00:00:00Z", "2026-05-31T00:00:00Z", 2678400)]
    [InlineData("?from=2026-05-09T12:00:00Z&to=2026-05-09T12:33:20Z&bucket=1s", "2026-05-09T12:00:00Z", "2026-05-09T12:33:20Z", 1)]
    [InlineData("?from=2026-05-01&to=2026-05-11", "2026-05-01T00:00:00Z", "2026-05-11T00:00:00Z", 3600)]
    [InlineData("?from=2026-04-01&to=2026-04-30", "2026-04-01T00:00:00Z", "2026-04-30T00:00:00Z", 21600)]
    public async Task Buckets_equal_a_recount(string query, string from, string to, int seconds)
    {
        var expected = PlantFleet.Events
            .Where(e => e is { Type: "telemetry", Device: "sensor-7" } && e.At >= FleetEvent.Utc(from) && e.At < FleetEvent.Utc(to))
            .GroupBy(e => e.At.ToUnixTimeMilliseconds() / (seconds * 1000L) * seconds * 1000L)
            .OrderBy(bucket => bucket.Key)
            .ToArray();

        var answer = (await plant.Host.GetAsync("/series/sensor-7" + query)).AsArray();

        Assert.Equal(
            expected.Select(bucket => (DateTimeOffset.FromUnixTimeMilliseconds(bucket.Key), bucket.Count())),
            answer.Select(bucket => (Start(bucket!), bucket!["count"]!.GetValue<int>())));
        foreach (var (events, bucket) in expected.Zip(answer))
        {
            AssertSpread(events.Select(e => e.Temperature), bucket!["temperature"]!);
            AssertSpread(events.Select(e => e.Humidity), bucket["humidity"]!);
        }
    }

    [Fact]
    public async Task A_bucket_has_the_documented_shape()
    {
        var at = PlantFleet.Events.First(e => e.Type == "telemetry");

        var answer = await plant.Host.GetAsync(string.Create(
            CultureInfo.InvariantCulture, $"/series/{at.Device}?from={at.At.UtcDateTime:O}&to={at.At.UtcDateTime.AddMilliseconds(1):O}&bucket=10s"));

        var start = at.At.AddTicks(-(at.At.Ticks % (10 * TimeSpan.TicksPerSecond))).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var t = at.Temperature.ToString("R", CultureInfo.InvariantCulture);
        var h = at.Humidity.ToString("R", CultureInfo.InvariantCulture);
        Assert.Equal(
            $$$"""[{"t":"{{{start}}}","count":1,"temperature":{"avg":{{{t}}},"min":{{{t}}},"max":{{{t}}}},"humidity":{"avg":{{{h}}},"min":{{{h}}},"max":{{{h}}}}}]""",
            answer.ToJsonString());
    }

    [Fact]
    public async Task A_device_that_is_not_known_has_no_buckets() => Assert.Equal("[]", await plant.Host.GetTextAsync("/series/unknown"));

    private static DateTimeOffset Start(JsonNode bucket) => FleetEvent.Utc(bucket["t"]!.GetValue<string>());

    private static void AssertSpread(IEnumerable<double> values, JsonNode spread)
    {
        Assert.Equal(values.Average(), spread["avg"]!.GetValue<double>(), 1e-9);
        Assert.Equal(values.Min(), spread["min"]!.GetValue<double>());
        Assert.Equal(values.Max(), spread["max"]!.GetValue<double>());
    }
}
