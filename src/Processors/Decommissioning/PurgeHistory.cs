using IotBus.Messages;
using IotBus.MongoDb;
using IotBus.Processors.Events;
using IotBus.Processors.Store;

namespace IotBus.Processors.Decommissioning;

/// <summary>Deletes the device's series and its own rollups where that was chosen; otherwise the series expires as all do.</summary>
internal sealed class PurgeHistory(MongoDatabase database) : IDecommissionStep
{
    private static readonly BsonValue Kinds = Bson.Document(
        ("$in", Bson.Array(EventTypes.All.Append(RollupKey.Ingested).Select(kind => (BsonValue)kind))));

    private readonly MongoCollection _series = database.GetCollection(Collections.SensorData);
    private readonly MongoCollection _rollups = database.GetCollection(Collections.Rollups);

    public string Name => "history";

    public async Task RunAsync(Decommission decommission, CancellationToken cancellationToken)
    {
        if (decommission.History != DeviceHistories.Purge)
            return;

        // A time series deletes by its meta field only.
        await _series.DeleteManyAsync(Bson.Document(("meta.device", decommission.DeviceId)), session: null, cancellationToken).ConfigureAwait(false);

        // By the kind too, since the index begins with it.
        await _rollups.DeleteManyAsync(Bson.Document(("_id.k", Kinds), ("_id.d", decommission.DeviceId)), session: null, cancellationToken).ConfigureAwait(false);
    }
}
