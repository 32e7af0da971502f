using IotBus.MongoDb;
using IotBus.Processors.Store;
using IotBus.Testing;

namespace IotBus.Processors.Tests;

public sealed class RollupTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Fact]
    public async Task Readings_are_summed_by_the_hour_of_the_event_for_the_zone_and_for_the_device()
    {
        var store = await fixture.CreateAsync();
        var log = new PartitionLog(partition: 3).Append(
            Events.Telemetry(temperature: 20, humidity: 40, at: Events.Noon),
            Events.Telemetry(temperature: -3, humidity: 60, at: Events.Noon.AddMinutes(59).AddSeconds(59)),
            Events.Telemetry("sensor-2", temperature: 30, humidity: 50, at: Events.Noon.AddMinutes(30)),
            Events.Telemetry(temperature: 7, humidity: 10, at: Events.Noon.AddHours(1)));

        await store.ApplyAsync(log, 0, 1);
        await store.ApplyAsync(log, 2, 3);

        var zone = await RowAsync(store, Events.Noon, "telemetry", ("z", "hall-1"));
        Assert.Equal(3, zone.GetInt64("count"u8));
        Assert.Equal(47, zone.GetDocument("temperature"u8).GetDouble("sum"u8));
        Assert.Equal(-3, zone.GetDocument("temperature"u8).GetDouble("min"u8));
        Assert.Equal(30, zone.GetDocument("temperature"u8).GetDouble("max"u8));
        Assert.Equal(150, zone.GetDocument("humidity"u8).GetDouble("sum"u8));
        var device = await RowAsync(store, Events.Noon, "telemetry", ("z", "hall-1"), ("d", "sensor-1"));
        Assert.Equal(17, device.GetDocument("temperature"u8).GetDouble("sum"u8));
        Assert.Equal(1, (await RowAsync(store, Events.Noon.AddHours(1), "telemetry", ("z", "hall-1"))).GetInt64("count"u8));
        await Recount.AssertRollupsMatchSeriesAsync(store.Database);
    }

    [Fact]
    public async Task Boots_updates_and_alerts_are_counted_by_what_is_asked_about_them()
    {
        var store = await fixture.CreateAsync();
        await store.ApplyAsync(new PartitionLog(partition: 3).Append(Events.Boot(), Events.Boot("sensor-2"), Events.Update(to: "v2"), Events.Update("sensor-2", to: "v3")));
        await store.ApplyAsync(new PartitionLog("sensor-alerts", 3).Append(Events.Alert(severity: "low"), Events.Alert(severity: "low"), Events.Alert(severity: "high")));

        Assert.Equal(2, (await RowAsync(store, Events.Noon, "boot", ("z", "hall-1"))).GetInt64("count"u8));
        Assert.Equal(1, (await RowAsync(store, Events.Noon, "firmware_update", ("v", "v3"))).GetInt64("count"u8));
        Assert.Equal(1, (await RowAsync(store, Events.Noon, "firmware_update", ("v", "v2"), ("d", "sensor-1"))).GetInt64("count"u8));
        Assert.Equal(2, (await RowAsync(store, Events.Noon, "alert", ("v", "low"), stream: "sensor-alerts/3")).GetInt64("count"u8));
        Assert.Equal(7, await store.CountAsync("ingested"));
        await Recount.AssertRollupsMatchSeriesAsync(store.Database);
    }

    [Fact]
    public async Task Events_are_counted_by_the_hour_of_their_ingestion_too()
    {
        var store = await fixture.CreateAsync();

        await store.ApplyAsync(new PartitionLog(partition: 3).Append(Events.Telemetry(at: Events.Noon.AddDays(-20))));

        Assert.Equal(1, (await RowAsync(store, Events.Noon.AddHours(1), "ingested", ("z", "hall-1"))).GetInt64("count"u8));
    }

    private static Task<BsonDocument> RowAsync(TestStore store, DateTimeOffset hour, string kind, (string Name, string Value) key) =>
        RowAsync(store, hour, kind, key, "sensor-telemetry/3");

    private static Task<BsonDocument> RowAsync(TestStore store, DateTimeOffset hour, string kind, (string Name, string Value) key, string stream) =>
        FindAsync(store, Bson.Document(("t", hour), ("s", stream), ("k", kind), (key.Name, key.Value)));

    private static Task<BsonDocument> RowAsync(
        TestStore store,
        DateTimeOffset hour,
        string kind,
        (string Name, string Value) first,
        (string Name, string Value) second) =>
        FindAsync(store, Bson.Document(("t", hour), ("s", "sensor-telemetry/3"), ("k", kind), (first.Name, first.Value), (second.Name, second.Value)));

    private static async Task<BsonDocument> FindAsync(TestStore store, BsonDocument id) =>
        await store.Database.GetCollection(Collections.Rollups).FindOneAsync(Bson.Document(("_id", id))) ?? throw new KeyNotFoundException(id.ToJson());
}
