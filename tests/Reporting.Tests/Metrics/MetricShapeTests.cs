using IotBus.Reporting.Tests.Fleet;
using IotBus.Reporting.Tests.Service;

namespace IotBus.Reporting.Tests.Metrics;

/// <summary>Without parameters, the answers of the system this one replaces, to the letter. Now is 2026-05-10T12:34:56Z.</summary>
public sealed class MetricShapeTests(StoreFixture store) : IClassFixture<StoreFixture>
{
    [Fact]
    public async Task Boots_are_a_total()
    {
        await using var host = await store.StartAsync(
            FleetEvent.Boot("sensor-1", "hall-1", "2026-05-10T10:00:00Z"),
            FleetEvent.Boot("sensor-1", "hall-1", "2026-05-10T10:30:00Z"),
            FleetEvent.Boot("sensor-2", "hall-2", "2020-01-01T00:00:00Z") with { Partition = 1 },
            FleetEvent.Telemetry("sensor-1", "hall-1", "2026-05-10T11:00:00Z", 20, 40));

        Assert.Equal("""{"total_device_boots":3}""", await host.GetTextAsync("/metrics/boots"));
    }

    [Fact]
    public async Task Averages_are_sums_over_counts_of_all_partitions_and_hours_by_zone()
    {
        await using var host = await store.StartAsync(
            FleetEvent.Telemetry("sensor-3", "hall-2", "2026-05-09T12:10:00Z", -3.5, 80),
            FleetEvent.Telemetry("sensor-1", "hall-1", "2026-05-10T11:00:00Z", 20, 40),
            FleetEvent.Telemetry("sensor-1", "hall-1", "2026-05-10T12:00:00Z", 23, 41),
            FleetEvent.Telemetry("sensor-2", "hall-1", "2026-05-10T12:10:00Z", 26, 45) with { Partition = 1 });

        Assert.Equal(
            """[{"_id":"hall-1","avg_temp":23,"avg_hum":42,"samples":3},{"_id":"hall-2","avg_temp":-3.5,"avg_hum":80,"samples":1}]""",
            await host.GetTextAsync("/metrics/temperature/average-by-zone"));
    }

    [Fact]
    public async Task Alerts_are_counted_by_severity()
    {
        await using var host = await store.StartAsync(
            FleetEvent.Alert("sensor-1", "2026-05-10T10:00:00Z", "low"),
            FleetEvent.Alert("sensor-1", "2026-05-10T11:00:00Z", "critical"),
            FleetEvent.Alert("sensor-2", "2026-05-10T11:00:00Z", "critical") with { Partition = 1 });

        Assert.Equal("""[{"_id":"critical","count":2},{"_id":"low","count":1}]""", await host.GetTextAsync("/metrics/alerts"));
    }

    [Fact]
    public async Task Firmware_updates_are_counted_by_version()
    {
        await using var host = await store.StartAsync(
            FleetEvent.Update("sensor-1", "2026-05-10T10:00:00Z", "2.0.0"),
            FleetEvent.Update("sensor-2", "2026-05-10T11:00:00Z", "1.5.0") with { Partition = 1 },
            FleetEvent.Update("sensor-3", "2026-05-01T11:00:00Z", "2.0.0") with { Partition = 2 },
            FleetEvent.Boot("sensor-3", "hall-1", "2026-05-01T11:00:00Z", firmware: "2.0.0"));

        Assert.Equal("""[{"_id":"1.5.0","count":1},{"_id":"2.0.0","count":2}]""", await host.GetTextAsync("/metrics/firmware"));
    }

    [Fact]
    public async Task Activity_is_counted_by_day_of_arrival_for_seven_days_in_the_order_of_days()
    {
        await using var host = await store.StartAsync(
            FleetEvent.Boot("sensor-1", "hall-1", "2026-05-10T12:00:00Z"),
            FleetEvent.Alert("sensor-1", "2026-05-10T00:00:00Z", "low"),
            FleetEvent.Update("sensor-2", "2026-05-09T23:59:59Z", "2.0.0") with { Partition = 1 },
            FleetEvent.Telemetry("sensor-1", "hall-1", "2026-04-01T00:00:00Z", 20, 40) with { IngestedAt = FleetEvent.Utc("2026-05-04T00:00:00Z") },
            FleetEvent.Telemetry("sensor-1", "hall-1", "2026-05-03T12:00:00Z", 20, 40),
            FleetEvent.Telemetry("sensor-1", "hall-1", "2026-05-03T11:59:59Z", 20, 40));

        Assert.Equal(
            """[{"_id":"2026-05-03","events_count":1},{"_id":"2026-05-04","events_count":1},{"_id":"2026-05-09","events_count":1},{"_id":"2026-05-10","events_count":2}]""",
            await host.GetTextAsync("/metrics/activity/last7days"));
    }

    [Theory]
    [InlineData("/metrics/boots", """{"total_device_boots":0}""")]
    [InlineData("/metrics/temperature/average-by-zone", "[]")]
    [InlineData("/metrics/alerts", "[]")]
    [InlineData("/metrics/activity/last7days", "[]")]
    [InlineData("/metrics/firmware", "[]")]
    [InlineData("/metrics/alerts?zone=hall-1", "[]")]
    [InlineData("/devices", """{"devices":[],"next":null}""")]
    [InlineData("/series/sensor-1", "[]")]
    public async Task A_store_without_collections_has_empty_answers(string path, string expected)
    {
        await using var host = await store.StartAsync();

        Assert.Equal(expected, await host.GetTextAsync(path));
    }
}
