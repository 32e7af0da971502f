using IotBus.MongoDb;
using IotBus.Processors.Store;

namespace IotBus.Processors.Decommissioning;

/// <summary>Revokes a consumer of the embedded edge: the Api reads who is revoked from <c>edge.revoked</c>, every second, and answers such a key with 401.</summary>
internal sealed class EmbeddedEdgeCredentials(MongoDatabase database, TimeProvider time) : IDecommissionPivot
{
    private readonly MongoCollection _revoked = database.GetCollection(Collections.RevokedConsumers);

    public async Task RunAsync(string device, CancellationToken cancellationToken)
    {
        try
        {
            await _revoked.UpdateOneAsync(
                Bson.Document(("_id", device)),
                Bson.Document(("$setOnInsert", Bson.Document(("at", time.GetUtcNow())))),
                upsert: true,
                session: null,
                cancellationToken).ConfigureAwait(false);
        }
        catch (MongoException exception)
        {
            throw new PivotFailedException("The store does not answer. Try again when it does; the device's key still works.", exception);
        }
    }
}
