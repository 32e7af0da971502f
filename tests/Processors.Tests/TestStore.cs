using IotBus.Messages;
using IotBus.MongoDb;
using IotBus.Processors.Decommissioning;
using IotBus.Processors.Events;
using IotBus.Processors.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace IotBus.Processors.Tests;

/// <summary>One test's database, and consumers that apply batches to it.</summary>
internal sealed class TestStore(StoreFixture fixture, MongoDatabase database, TimeProvider time)
{
    public ProcessingOptions Processing { get; } = new() { InsertTimeout = TimeSpan.FromSeconds(2) };

    /// <summary>What the consumers know of devices that are out of service.</summary>
    public DecommissionedDevices Decommissioned { get; } = new(database, Options.Create(new DecommissioningOptions()), time);

    public MongoDatabase Database => database;

    public StoreSetup Setup() => new(fixture.Client, database, Options.Create(Processing), time, NullLogger<StoreSetup>.Instance);

    /// <summary>A consumer as a new process has it.</summary>
    public SensorEventStore Consumer(TimeProvider? clock = null) => new(
        fixture.Client,
        database,
        Options.Create(Processing),
        Options.Create(new TopicOptions()),
        Decommissioned,
        new ProcessingMetrics(fixture.Meters),
        clock ?? time,
        NullLogger<SensorEventStore>.Instance);

    public async Task ApplyAsync(PartitionLog log, int first = 0, int? last = null) =>
        await Consumer().ApplyAsync(log.Batch(log.Assign(), first, last), CancellationToken.None);

    public Task<IReadOnlyList<BsonDocument>> AllAsync(string collection) => database.GetCollection(collection).FindAsync(BsonDocument.Empty);

    public async Task<List<Guid>> SeriesAsync() => [.. (await AllAsync(Collections.SensorData)).Select(document => document.GetGuid("_id"u8)).Order()];

    /// <summary>The sum of a rollup's count over partitions and hours.</summary>
    public async Task<long> CountAsync(string kind, string? device = null)
    {
        long count = 0;
        foreach (var row in await AllAsync(Collections.Rollups))
        {
            var id = row.GetDocument("_id"u8);
            id.TryGetString("d"u8, out var rowDevice);
            if (id.GetString("k"u8) == kind && rowDevice == device)
                count += row.GetInt64("count"u8);
        }

        return count;
    }

    public async Task<BsonDocument> DeviceAsync(string device, string stream = DeviceStreams.Telemetry) =>
        await database.GetCollection(Collections.Devices).FindOneAsync(Bson.Document(("_id", Bson.Document(("d", device), ("s", stream)))))
        ?? throw new KeyNotFoundException(device);

    /// <summary>Leaves in the series only what is to be kept, as if the rest had never been inserted.</summary>
    public async Task ForgetSeriesAsync(Func<Guid, bool> keep)
    {
        var kept = (await AllAsync(Collections.SensorData)).Where(document => keep(document.GetGuid("_id"u8))).ToList();
        await database.DropCollectionAsync(Collections.SensorData);
        await Setup().SetUpAsync(CancellationToken.None);
        using var documents = new BsonBatch();
        foreach (var document in kept)
            documents.Add(document);

        await database.GetCollection(Collections.SensorData).InsertManyAsync(documents);
    }

    /// <summary>What a consumer's insert does when the server gets to it late.</summary>
    public Task InsertSeriesAsync(IReadOnlyList<SensorEvent> events) => new SeriesCollection(database).InsertAsync(
        [.. events.Select((sensorEvent, offset) => new StoredEvent(sensorEvent, offset, Events.Noon.AddHours(1)))],
        TimeSpan.FromSeconds(5),
        CancellationToken.None);

    public async Task<(long Applied, long Stored)> ProgressAsync()
    {
        var document = (await AllAsync(Collections.Progress)).Single();
        return (document.GetInt64("applied"u8), document.GetInt64("stored"u8));
    }
}
