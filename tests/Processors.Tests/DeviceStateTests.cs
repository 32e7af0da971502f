using IotBus.MongoDb;
using IotBus.Processors.Events;

namespace IotBus.Processors.Tests;

public sealed class DeviceStateTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Fact]
    public async Task A_late_event_does_not_move_a_device_back()
    {
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(
            Events.Telemetry(temperature: 21, at: Events.Noon.AddMinutes(10), zone: "hall-2"),
            Events.Telemetry(temperature: 5, at: Events.Noon, zone: "hall-1"));

        await store.ApplyAsync(log, 0, 0);
        await store.ApplyAsync(log, 1, 1);

        var device = await store.DeviceAsync("sensor-1");
        Assert.Equal(21, device.GetDocument("reading"u8).GetDouble("temperature"u8));
        Assert.Equal("hall-2", device.GetString("zone"u8));
        Assert.Equal(Events.Noon.AddMinutes(10), device.GetDateTime("last_seen"u8));
        Assert.Equal(2, await store.CountAsync("telemetry"));
    }

    [Fact]
    public async Task A_late_event_within_a_batch_does_not_either()
    {
        var store = await fixture.CreateAsync();

        await store.ApplyAsync(new PartitionLog().Append(
            Events.Boot(firmware: "v2", at: Events.Noon.AddMinutes(3)),
            Events.Telemetry(temperature: 21, at: Events.Noon.AddMinutes(2)),
            Events.Boot(firmware: "v1", at: Events.Noon),
            Events.Telemetry(temperature: 5, at: Events.Noon.AddMinutes(1))));

        var device = await store.DeviceAsync("sensor-1");
        Assert.Equal("v2", device.GetString("firmware"u8));
        Assert.Equal(21, device.GetDocument("reading"u8).GetDouble("temperature"u8));
        Assert.Equal(Events.Noon.AddMinutes(2), device.GetDocument("reading"u8).GetDateTime("at"u8));
        Assert.Equal(Events.Noon.AddMinutes(3), device.GetDateTime("last_seen"u8));
    }

    [Fact]
    public async Task Of_two_events_at_the_same_instant_the_later_in_the_partition_stands()
    {
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(Events.Telemetry(temperature: 1), Events.Telemetry(temperature: 2), Events.Telemetry(temperature: 3));

        await store.ApplyAsync(log, 0, 1);
        await store.ApplyAsync(log, 2, 2);

        Assert.Equal(3, (await store.DeviceAsync("sensor-1")).GetDocument("reading"u8).GetDouble("temperature"u8));
    }

    [Fact]
    public async Task A_boot_that_tells_no_version_keeps_the_known_one()
    {
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(
            Events.Boot(firmware: "unknown", at: Events.Noon.AddMinutes(9)),
            Events.Boot(firmware: "v1", at: Events.Noon),
            Events.Boot(firmware: "unknown", at: Events.Noon.AddMinutes(10)));

        await store.ApplyAsync(log, 0, 1);
        await store.ApplyAsync(log, 2, 2);

        Assert.Equal("v1", (await store.DeviceAsync("sensor-1")).GetString("firmware"u8));
    }

    [Fact]
    public async Task Each_stream_of_a_device_has_a_document_of_its_own()
    {
        var store = await fixture.CreateAsync();

        await store.ApplyAsync(new PartitionLog().Append(Events.Boot(), Events.Update(to: "v2", at: Events.Noon.AddSeconds(1))));
        await store.ApplyAsync(new PartitionLog("sensor-alerts").Append(Events.Alert(severity: "critical", at: Events.Noon.AddSeconds(2))));

        var telemetry = await store.DeviceAsync("sensor-1");
        Assert.Equal("v2", telemetry.GetString("updating_to"u8));
        Assert.Equal("v1", telemetry.GetString("firmware"u8));
        var alerts = await store.DeviceAsync("sensor-1", DeviceStreams.Alerts);
        Assert.Equal("critical", alerts.GetDocument("alert"u8).GetString("severity"u8));
        Assert.Equal(Events.Noon.AddSeconds(2), alerts.GetDateTime("last_seen"u8));
    }
}
