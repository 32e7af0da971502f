using IotBus.MongoDb;

namespace IotBus.Reporting.Tests.Fleet;

/// <summary>Writes to MongoDB what the processors would have written of events; see docs/collections.md.</summary>
internal static class FleetStore
{
    public static async Task SaveAsync(MongoDatabase database, IReadOnlyCollection<FleetEvent> events)
    {
        await database.EnsureCollectionAsync("sensor_data", new CreateCollectionOptions
        {
            TimeSeries = new TimeSeriesOptions("timestamp", "meta", "seconds"),
        });
        await database.EnsureIndexesAsync("sensor_data", [new IndexModel(Bson.Document(("meta.device", 1), ("timestamp", 1)))]);
        await database.EnsureIndexesAsync("rollups", [new IndexModel(Bson.Document(("_id.k", 1), ("_id.d", 1), ("_id.t", 1)))]);

        await InsertAsync(database.GetCollection("sensor_data"), events.Select(SensorData));
        await InsertAsync(database.GetCollection("rollups"), RollupRow.Of(events).Select(row => row.ToDocument()));
        await InsertAsync(database.GetCollection("devices"), DeviceRow.Of(events));
    }

    private static BsonDocument SensorData(FleetEvent e) => Fields.Document(
        ("_id", Guid.NewGuid()),
        ("timestamp", e.At),
        ("meta", Fields.Document(("device", e.Device), ("zone", e.Zone), ("type", e.Type))),
        ("temperature", e.Type == "telemetry" ? e.Temperature : BsonValue.Null),
        ("humidity", e.Type == "telemetry" ? e.Humidity : BsonValue.Null),
        ("firmware", e.Firmware),
        ("update_to", e.Version),
        ("error_code", e.ErrorCode),
        ("severity", e.Severity),
        ("ingested_at", e.IngestedAt));

    private static async Task InsertAsync(MongoCollection collection, IEnumerable<BsonDocument> documents)
    {
        using var batch = new BsonBatch();
        foreach (var document in documents)
            batch.Add(document);

        if (batch.Count > 0)
            await collection.InsertManyAsync(batch, WriteOptions.Unordered);
    }
}
