using IotBus.Messages;
using IotBus.MongoDb;
using IotBus.Persistence;
using IotBus.Processors.Events;
using IotBus.Processors.Rollouts;
using IotBus.Processors.Store;
using MassTransit;

namespace IotBus.Processors.Decommissioning;

/// <summary>Takes devices out of service, and tells how far that is. Of a scope.</summary>
internal sealed class Operations(
    MongoDbContext context,
    IEnumerable<IDecommissionPivot> pivots,
    RolloutDevices rollouts,
    ILoadSagaRepository<Decommission> sagas,
    ISendEndpointProvider endpoints,
    TimeProvider time)
{
    private readonly MongoCollection _records = context.Database.GetCollection(Collections.Decommissioned);
    private readonly MongoCollection _devices = context.Database.GetCollection(Collections.Devices);

    public async Task<OperationView?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await ViewAsync(Bson.Document(("operation", id)), cancellationToken).ConfigureAwait(false);

    public Task<OperationView?> OfDeviceAsync(string device, CancellationToken cancellationToken) =>
        ViewAsync(Bson.Document(("_id", device)), cancellationToken);

    /// <summary>Whether anything is known of a device.</summary>
    public async Task<bool> KnowsAsync(string device, CancellationToken cancellationToken)
    {
        var ids = Bson.Array(new[] { DeviceStreams.Telemetry, DeviceStreams.Alerts }.Select(stream => (BsonValue)Bson.Document(("d", device), ("s", stream))));
        var found = await _devices.FindOneAsync(Bson.Document(("_id", Bson.Document(("$in", ids)))), cancellationToken: cancellationToken).ConfigureAwait(false);
        return found is not null || await rollouts.FindOpenAsync([device], 1, session: null, cancellationToken).ConfigureAwait(false) is not [];
    }

    /// <summary>Takes a device out of service: first the pivot, then, in one transaction, that it is so and the message that brings about the rest.</summary>
    /// <exception cref="PivotFailedException">Nothing was changed.</exception>
    /// <exception cref="MongoException">The pivot is done, and perhaps all; called again, it goes on from there.</exception>
    public async Task<OperationView> DecommissionAsync(string device, string history, CancellationToken cancellationToken)
    {
        foreach (var pivot in pivots)
            await pivot.RunAsync(device, cancellationToken).ConfigureAwait(false);

        var record = new DecommissionRecord(device, OperationIds.Of(device), history, time.GetUtcNow());
        try
        {
            await context.WithTransactionAsync((session, cancelled) => AddAsync(record, session, cancelled), cancellationToken).ConfigureAwait(false);
        }
        catch (MongoException exception) when (exception.IsDuplicateKey)
        {
            // Another call was first.
        }

        return await OfDeviceAsync(device, cancellationToken).ConfigureAwait(false) ?? OperationView.Of(record, saga: null);
    }

    private async Task<bool> AddAsync(DecommissionRecord record, MongoSession session, CancellationToken cancellationToken)
    {
        var document = Bson.Document(("_id", record.DeviceId), ("operation", record.OperationId), ("history", record.History), ("at", record.At));
        await _records.InsertOneAsync(document, session, cancellationToken).ConfigureAwait(false);
        var decommissions = await endpoints.GetSendEndpoint(DecommissionAddress.Queue).ConfigureAwait(false);
        await decommissions.Send(new DecommissionRequested(record.OperationId, record.DeviceId, record.History), cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<OperationView?> ViewAsync(BsonDocument filter, CancellationToken cancellationToken)
    {
        if (await _records.FindOneAsync(filter, cancellationToken: cancellationToken).ConfigureAwait(false) is not { } found)
            return null;

        var record = new DecommissionRecord(
            found.GetString("_id"u8), found.GetGuid("operation"u8), found.GetString("history"u8), found.GetDateTime("at"u8));
        return OperationView.Of(record, await sagas.Load(record.OperationId).ConfigureAwait(false));
    }
}
