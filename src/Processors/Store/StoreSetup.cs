using IotBus.MongoDb;
using IotBus.Processors.Events;
using IotBus.Processors.Rollouts;

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IotBus.Processors.Store;

/// <summary>
/// Makes the collections and indexes at start, or finds them made: any number of replicas may do so at once. Waits for the store, for as long as it takes,
/// while the service answers on its management port; nothing is applied before <see cref="Ready"/>.
/// </summary>
internal sealed partial class StoreSetup(
    MongoClient client,
    MongoDatabase database,
    IOptions<ProcessingOptions> options,
    TimeProvider time,
    ILogger<StoreSetup> logger) : BackgroundService
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done once there is a place for every document.</summary>
    public Task Ready => _ready.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var delay = TimeSpan.FromMilliseconds(250);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await SetUpAsync(stoppingToken).ConfigureAwait(false);
                LogReady(database.Name);
                _ready.SetResult();
                return;
            }
            catch (MongoException exception) when (exception.IsTransient)
            {
                if (attempt == 1)
                    LogWaiting(exception.Message);

                await Task.Delay(delay, time, stoppingToken).ConfigureAwait(false);
                delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
            }
        }
    }

    internal async Task SetUpAsync(CancellationToken cancellationToken)
    {
        await client.PingAsync(cancellationToken).ConfigureAwait(false);
        await database.EnsureCollectionAsync(
            Collections.SensorData,
            new CreateCollectionOptions
            {
                TimeSeries = new TimeSeriesOptions("timestamp", "meta", "seconds"),
                ExpireAfter = options.Value.SeriesRetention,
            },
            cancellationToken).ConfigureAwait(false);

        await EnsureSeriesRetentionAsync(cancellationToken).ConfigureAwait(false);
        await database.EnsureIndexesAsync(
            Collections.SensorData,
            [new IndexModel(Bson.Document(("meta.device", 1), ("timestamp", 1)))],
            cancellationToken).ConfigureAwait(false);
        await database.EnsureCollectionAsync(Collections.Progress, cancellationToken: cancellationToken).ConfigureAwait(false);
        await database.EnsureCollectionAsync(Collections.Inbox, cancellationToken: cancellationToken).ConfigureAwait(false);
        await EnsureInboxRetentionAsync(cancellationToken).ConfigureAwait(false);
        await database.EnsureCollectionAsync(
            Collections.Rollups,
            new CreateCollectionOptions { Compressor = "zstd" },
            cancellationToken).ConfigureAwait(false);
        await database.EnsureIndexesAsync(
            Collections.Rollups,
            [new IndexModel(Bson.Document(("_id.k", 1), ("_id.d", 1), ("_id.t", 1)))],
            cancellationToken).ConfigureAwait(false);
        await database.EnsureCollectionAsync(Collections.Devices, cancellationToken: cancellationToken).ConfigureAwait(false);
        await database.EnsureIndexesAsync(Collections.Devices, [new IndexModel(Bson.Document(("zone", 1)))], cancellationToken).ConfigureAwait(false);
        await database.EnsureCollectionAsync(Collections.Rollouts, cancellationToken: cancellationToken).ConfigureAwait(false);
        await database.EnsureCollectionAsync(Collections.RolloutDevices, cancellationToken: cancellationToken).ConfigureAwait(false);
        await database.EnsureIndexesAsync(Collections.RolloutDevices, RolloutDevices.Indexes, cancellationToken).ConfigureAwait(false);
        foreach (var collection in new[] { Collections.Decommissioned, Collections.RevokedConsumers })
        {
            await database.EnsureCollectionAsync(collection, cancellationToken: cancellationToken).ConfigureAwait(false);
            await database.EnsureIndexesAsync(collection, [new IndexModel(Bson.Document(("at", 1)))], cancellationToken).ConfigureAwait(false);
        }

        await database.EnsureIndexesAsync(
            Collections.Decommissioned,
            [new IndexModel(Bson.Document(("operation", 1)))],
            cancellationToken).ConfigureAwait(false);
    }

    // The retention is a setting, so the collection may be there with an older one. It is changed only then: to change a collection takes a right that
    // reading and writing does not, and holds up all who use it.
    private async Task EnsureSeriesRetentionAsync(CancellationToken cancellationToken)
    {
        var retention = (long)options.Value.SeriesRetention.TotalSeconds;
        var listed = await database.RunCommandAsync(
            Bson.Document(("listCollections", 1), ("filter", Bson.Document(("name", Collections.SensorData)))),
            cancellationToken: cancellationToken).ConfigureAwait(false);
        foreach (var collection in listed.GetDocument("cursor"u8).GetDocuments("firstBatch"u8))
        {
            if (collection.GetDocument("options"u8).TryGetInt64("expireAfterSeconds"u8, out var current) && current == retention)
                return;
        }

        await database.RunCommandAsync(
            Bson.Document(("collMod", Collections.SensorData), ("expireAfterSeconds", retention)),
            cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    // As with the series, the index may be there with an older retention.
    private async Task EnsureInboxRetentionAsync(CancellationToken cancellationToken)
    {
        const int indexOptionsConflict = 85;
        var keys = Bson.Document(("at", 1));
        var retention = options.Value.InboxRetention;
        try
        {
            await database.EnsureIndexesAsync(Collections.Inbox, [new IndexModel(keys) { ExpireAfter = retention }], cancellationToken).ConfigureAwait(false);
        }
        catch (MongoException exception) when (exception.Code == indexOptionsConflict)
        {
            var index = Bson.Document(("keyPattern", keys), ("expireAfterSeconds", (long)retention.TotalSeconds));
            await database.RunCommandAsync(
                Bson.Document(("collMod", Collections.Inbox), ("index", index)),
                cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for MongoDB: {Reason}")]
    private partial void LogWaiting(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The collections of database {Database} are in place.")]
    private partial void LogReady(string database);
}
