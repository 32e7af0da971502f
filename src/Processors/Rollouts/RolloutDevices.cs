using IotBus.MongoDb;
using IotBus.Processors.Events;
using IotBus.Processors.Store;

namespace IotBus.Processors.Rollouts;

/// <summary>
/// The devices of all rollouts, a document each: <c>rollouts.devices</c>. A device is open from the request of its rollout to its end, and in one rollout at a
/// time: an index sees to that, and by it events find what they are for. Thread-safe; what is done with a session is part of its transaction.
/// </summary>
internal sealed class RolloutDevices(MongoDatabase database)
{
    private static readonly BsonValue PendingStates = Bson.Document(("$in", Bson.Array(DeviceUpdateStates.Requested, DeviceUpdateStates.Started)));

    private readonly MongoCollection _devices = database.GetCollection(Collections.RolloutDevices);
    private readonly MongoCollection _known = database.GetCollection(Collections.Devices);

    /// <summary>The indexes that its queries need.</summary>
    public static IReadOnlyList<IndexModel> Indexes { get; } =
    [
        new(Bson.Document(("_id.r", 1), ("w", 1), ("state", 1))),
        new(Bson.Document(("_id.r", 1), ("state", 1), ("_id.d", 1))),
        new(Bson.Document(("_id.r", 1), ("_id.d", 1))),
        new(Bson.Document(("open", 1))) { Unique = true, PartialFilter = Bson.Document(("open", Bson.Document(("$exists", true)))) },
    ];

    /// <summary>Adds a rollout's devices, in waves.</summary>
    /// <exception cref="MongoBulkWriteException">With <see cref="MongoException.IsDuplicateKey"/>: one of them is open in another rollout.</exception>
    public async Task AddAsync(
        Guid rolloutId, string version, IReadOnlyList<string> devices, int waveSize, MongoSession session, CancellationToken cancellationToken)
    {
        using var batch = new BsonBatch(devices.Count * 160);
        for (var i = 0; i < devices.Count; i++)
        {
            var device = batch.StartDocument();
            device.WriteDocument("_id"u8, Id(rolloutId, devices[i]));
            device.WriteInt32("w"u8, (i / waveSize) + 1);
            device.WriteString("state"u8, DeviceUpdateStates.Waiting);
            device.WriteString("version"u8, version);
            device.WriteString("open"u8, devices[i]);
            device.WriteEndDocument();
        }

        await _devices.InsertManyAsync(batch, session: session, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Which of the devices are open, and in which rollout.</summary>
    public async Task<IReadOnlyList<(string Device, Guid RolloutId)>> FindOpenAsync(
        IEnumerable<string> devices, int limit, MongoSession? session, CancellationToken cancellationToken)
    {
        var found = await _devices.FindAsync(
            Bson.Document(("open", In(devices))), new FindOptions { Limit = limit, Projection = Bson.Document(("_id", 1)) }, session, cancellationToken)
            .ConfigureAwait(false);
        return [.. found.Select(document => document.GetDocument("_id"u8)).Select(id => (id.GetString("d"u8), id.GetGuid("r"u8)))];
    }

    /// <summary>The updates of those of the devices that were asked and have not reached their end. One query, by index.</summary>
    public async Task<IReadOnlyList<DeviceUpdate>> FindPendingAsync(
        IReadOnlyCollection<string> devices, MongoSession? session, CancellationToken cancellationToken)
    {
        var filter = Bson.Document(("open", In(devices)), ("state", PendingStates));
        var found = await _devices.FindAsync(filter, options: null, session, cancellationToken).ConfigureAwait(false);
        return [.. found.Select(Read)];
    }

    /// <summary>Writes updates that an event has moved on.</summary>
    public async Task SaveAsync(IReadOnlyList<DeviceUpdate> updates, MongoSession session, CancellationToken cancellationToken)
    {
        using var batch = new WriteBatch(updates.Count * 256);
        foreach (var update in updates)
        {
            var set = new List<(string, BsonValue)> { ("state", update.State) };
            if (update.StartedAt is { } started)
                set.Add(("started_at", started));

            if (update.Reason is { } reason)
                set.Add(("reason", reason));

            if (update.SettledAt is { } settled)
                set.Add(("settled_at", settled));

            var change = update.SettledAt is null
                ? Bson.Document(("$set", Bson.Document([.. set])))
                : Bson.Document(("$set", Bson.Document([.. set])), ("$unset", Bson.Document(("open", ""))));
            batch.Update(Bson.Document(("_id", Id(update.RolloutId, update.DeviceId)), ("state", PendingStates)), change);
        }

        await _devices.BulkWriteAsync(batch, session: session, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts a wave: its devices become requested, or confirmed where the last that is known of them is the version already.</summary>
    /// <returns>The devices that are to be asked, and how many need not be.</returns>
    public async Task<(IReadOnlyList<string> Asked, int Updated)> StartWaveAsync(
        Guid rolloutId, int wave, string version, DateTimeOffset now, MongoSession? session, CancellationToken cancellationToken)
    {
        var filter = Bson.Document(("_id.r", rolloutId), ("w", wave), ("state", DeviceUpdateStates.Waiting));
        var found = await _devices.FindAsync(filter, new FindOptions { Projection = Bson.Document(("_id", 1)) }, session, cancellationToken).ConfigureAwait(false);
        var waiting = found.Select(document => document.GetDocument("_id"u8).GetString("d"u8)).ToList();
        var updated = await FindRunningAsync(waiting, version, session, cancellationToken).ConfigureAwait(false);
        if (updated.Count > 0)
        {
            var ids = Bson.Array(updated.Select(device => (BsonValue)Id(rolloutId, device)));
            var done = Settled(DeviceUpdateStates.Confirmed, DeviceUpdateReasons.AlreadyRuns, now);
            await _devices.UpdateManyAsync(Bson.Document(("_id", Bson.Document(("$in", ids)))), done, session, cancellationToken).ConfigureAwait(false);
        }

        if (updated.Count < waiting.Count)
        {
            var asked = Bson.Document(("$set", Bson.Document(("state", DeviceUpdateStates.Requested), ("requested_at", now))));
            await _devices.UpdateManyAsync(filter, asked, session, cancellationToken).ConfigureAwait(false);
        }

        return ([.. waiting.Where(device => !updated.Contains(device))], updated.Count);
    }

    /// <summary>How many devices of a wave were asked and have not reached their end.</summary>
    public Task<long> CountPendingAsync(Guid rolloutId, int wave, MongoSession? session, CancellationToken cancellationToken) =>
        _devices.CountAsync(Bson.Document(("_id.r", rolloutId), ("w", wave), ("state", PendingStates)), session, cancellationToken);

    /// <summary>How many devices of a rollout failed.</summary>
    public Task<long> CountFailedAsync(Guid rolloutId, MongoSession? session, CancellationToken cancellationToken) =>
        _devices.CountAsync(Bson.Document(("_id.r", rolloutId), ("state", DeviceUpdateStates.Failed)), session, cancellationToken);

    /// <summary>Fails the devices of a wave that have not reached their end.</summary>
    public Task TimeOutAsync(Guid rolloutId, int wave, DateTimeOffset now, MongoSession? session, CancellationToken cancellationToken) =>
        _devices.UpdateManyAsync(
            Bson.Document(("_id.r", rolloutId), ("w", wave), ("state", PendingStates)),
            Settled(DeviceUpdateStates.Failed, DeviceUpdateReasons.TimedOut, now),
            session,
            cancellationToken);

    /// <summary>Lets go of the devices that were not asked yet.</summary>
    public Task CancelWaitingAsync(Guid rolloutId, DateTimeOffset now, MongoSession? session, CancellationToken cancellationToken) =>
        _devices.UpdateManyAsync(
            Bson.Document(("_id.r", rolloutId), ("state", DeviceUpdateStates.Waiting)),
            Settled(DeviceUpdateStates.Cancelled, DeviceUpdateReasons.RolloutEnded, now),
            session,
            cancellationToken);

    /// <summary>Takes a device that goes out of service out of the rollout that it is open in.</summary>
    /// <returns>That rollout, if it waits for the device.</returns>
    public async Task<Guid?> WithdrawAsync(string device, DateTimeOffset now, MongoSession? session, CancellationToken cancellationToken)
    {
        var open = await FindOpenAsync([device], limit: 1, session, cancellationToken).ConfigureAwait(false);
        if (open is not [var (_, rolloutId)])
            return null;

        var withdrawn = Settled(DeviceUpdateStates.Cancelled, DeviceUpdateReasons.Decommissioned, now);
        await _devices.UpdateOneAsync(Bson.Document(("open", device)), withdrawn, upsert: false, session, cancellationToken).ConfigureAwait(false);
        return rolloutId;
    }

    private async Task<HashSet<string>> FindRunningAsync(
        List<string> devices, string version, MongoSession? session, CancellationToken cancellationToken)
    {
        var ids = Bson.Array(devices.Select(device => (BsonValue)Bson.Document(("d", device), ("s", DeviceStreams.Telemetry))));
        var filter = Bson.Document(("_id", Bson.Document(("$in", ids))), ("firmware", version));
        var found = await _known.FindAsync(filter, new FindOptions { Projection = Bson.Document(("_id", 1)) }, session, cancellationToken).ConfigureAwait(false);
        return [.. found.Select(document => document.GetDocument("_id"u8).GetString("d"u8))];
    }

    private static BsonDocument Settled(string state, string reason, DateTimeOffset now) => Bson.Document(
        ("$set", Bson.Document(("state", state), ("reason", reason), ("settled_at", now))), ("$unset", Bson.Document(("open", ""))));

    private static DeviceUpdate Read(BsonDocument document)
    {
        var id = document.GetDocument("_id"u8);
        var requested = document.GetDateTime("requested_at"u8);
        return new DeviceUpdate(id.GetGuid("r"u8), id.GetString("d"u8), document.GetString("version"u8), document.GetString("state"u8), requested)
        {
            StartedAt = document.TryGetDateTime("started_at"u8, out var started) ? started : null,
        };
    }

    private static BsonDocument In(IEnumerable<string> values) => Bson.Document(("$in", Bson.Array(values.Select(value => (BsonValue)value))));

    private static BsonDocument Id(Guid rolloutId, string device) => Bson.Document(("r", rolloutId), ("d", device));
}
