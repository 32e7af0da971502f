using IotBus.Reporting.Tests.Fleet;
using IotBus.Reporting.Tests.Service;

namespace IotBus.Reporting.Tests.Metrics;

/// <summary>Events that name no zone count where their device is now.</summary>
public sealed class ZoneOfDeviceTests(StoreFixture store) : IClassFixture<StoreFixture>
{
    [Fact]
    public async Task An_alert_counts_in_the_zone_its_device_has_moved_to()
    {
        await using var host = await store.StartAsync(
            FleetEvent.Boot("sensor-1", "hall-1", "2026-05-10T08:00:00Z"),
            FleetEvent.Alert("sensor-1", "2026-05-10T09:00:00Z", "high"),
            FleetEvent.Boot("sensor-1", "hall-2", "2026-05-10T10:00:00Z"));

        Assert.Equal("[]", await host.GetTextAsync("/metrics/alerts?zone=hall-1"));
        Assert.Equal("""[{"_id":"high","count":1}]""", await host.GetTextAsync("/metrics/alerts?zone=hall-2"));
        Assert.Equal("""{"total_device_boots":1}""", await host.GetTextAsync("/metrics/boots?zone=hall-1"));
    }

    [Fact]
    public async Task Alerts_of_a_device_whose_zone_is_not_known_count_in_no_zone()
    {
        await using var host = await store.StartAsync(FleetEvent.Alert("sensor-1", "2026-05-10T09:00:00Z", "high"));

        Assert.Equal("[]", await host.GetTextAsync("/metrics/alerts?zone=hall-1"));
        Assert.Equal("""[{"_id":"high","count":1}]""", await host.GetTextAsync("/metrics/alerts?device=sensor-1"));
    }

    [Fact]
    public async Task The_activity_of_a_zone_counts_each_event_once()
    {
        await using var host = await store.StartAsync(
            FleetEvent.Boot("sensor-1", "hall-1", "2026-05-10T08:00:00Z"),
            FleetEvent.Telemetry("sensor-1", "hall-1", "2026-05-10T08:01:00Z", 20, 40),
            FleetEvent.Update("sensor-1", "2026-05-10T09:00:00Z", "2.0.0"),
            FleetEvent.Alert("sensor-1", "2026-05-10T09:00:00Z", "high"),
            FleetEvent.Boot("sensor-2", "hall-2", "2026-05-10T08:00:00Z"),
            FleetEvent.Alert("sensor-2", "2026-05-10T09:00:00Z", "high"));

        Assert.Equal("""[{"_id":"2026-05-10","events_count":4}]""", await host.GetTextAsync("/metrics/activity/last7days?zone=hall-1"));
        Assert.Equal("""[{"_id":"2026-05-10","events_count":6}]""", await host.GetTextAsync("/metrics/activity/last7days"));
    }

    [Fact]
    public async Task A_zone_of_more_devices_than_one_query_names_is_counted_whole()
    {
        var devices = Enumerable.Range(0, 2300).Select(i => $"sensor-{i}").ToArray();
        await using var host = await store.StartAsync(
        [
            .. devices.Select(device => FleetEvent.Boot(device, "hall-1", "2026-05-10T08:00:00Z")),
            .. devices.Select(device => FleetEvent.Alert(device, "2026-05-10T09:00:00Z", "low")),
        ]);

        Assert.Equal("""[{"_id":"low","count":2300}]""", await host.GetTextAsync("/metrics/alerts?zone=hall-1"));
    }
}
