using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>
/// Who delivers to a destination: <c>_id</c> (the destination), <c>owner</c>, <c>token</c>, <c>until</c>, <c>asks</c>. Times are the server's, so that clocks
/// of processes do not matter. A claim of a lease that is held counts in <c>asks</c>: its holder, who gives it back only with the count it has seen, looks
/// once more, so nothing that was committed meanwhile waits for a query.
/// </summary>
internal sealed class LeaseCollection(MongoDatabase database, MongoDbOutboxOptions options)
{
    private readonly MongoCollection _collection = database.GetCollection(options.LeaseCollection);

    /// <summary><c>{owner}</c>: the leases of a process that died.</summary>
    public static IReadOnlyList<IndexModel> Indexes { get; } = [new IndexModel(Bson.Document(("owner", 1)))];

    /// <summary>Takes the lease if it is free or has run out; otherwise leaves word. Null if another holds it.</summary>
    public async Task<Lease?> ClaimAsync(string destination, Guid owner, CancellationToken cancellationToken)
    {
        var token = Guid.NewGuid();
        var until = Bson.Document(("$ifNull", Bson.Array("$until", DateTimeOffset.UnixEpoch)));
        var free = Bson.Document(("$lte", Bson.Array(until, "$$NOW")));
        var fields = Bson.Document(
            ("owner", When(free, owner, "$owner")),
            ("token", When(free, token, "$token")),
            ("until", When(free, InLeaseTime(), "$until")),
            ("asks", When(free, 0L, Bson.Document(("$add", Bson.Array("$asks", 1L))))));
        var lease = await ChangeAsync(Bson.Document(("_id", destination)), fields, upsert: true, cancellationToken).ConfigureAwait(false);
        return lease is { } found && found.GetGuid("token"u8) == token ? new Lease(destination, token, found.GetInt64("asks"u8)) : null;
    }

    /// <summary>Holds it for longer, and tells who asked for it; null if it was lost.</summary>
    public async Task<Lease?> RenewAsync(Lease lease, CancellationToken cancellationToken)
    {
        var renewed = await ChangeAsync(
            Bson.Document(("_id", lease.Destination), ("token", lease.Token)),
            Bson.Document(("until", InLeaseTime())),
            upsert: false,
            cancellationToken).ConfigureAwait(false);
        return renewed is { } found ? lease with { Asks = found.GetInt64("asks"u8) } : null;
    }

    /// <summary>Gives it back, unless somebody has asked since; tells whether.</summary>
    public async Task<bool> ReleaseAsync(Lease lease, CancellationToken cancellationToken) =>
        await _collection.DeleteOneAsync(
            Bson.Document(("_id", lease.Destination), ("token", lease.Token), ("asks", lease.Asks)),
            session: null,
            cancellationToken).ConfigureAwait(false) > 0;

    /// <summary>Frees what a process that died held.</summary>
    public Task FreeAsync(Guid owner, CancellationToken cancellationToken) =>
        _collection.DeleteManyAsync(Bson.Document(("owner", owner)), session: null, cancellationToken);

    private static BsonDocument When(BsonValue condition, BsonValue then, BsonValue otherwise) =>
        Bson.Document(("$cond", Bson.Array(condition, then, otherwise)));

    private BsonDocument InLeaseTime() => Bson.Document(("$add", Bson.Array("$$NOW", (long)options.LeaseDuration.TotalMilliseconds)));

    private async Task<BsonDocument?> ChangeAsync(BsonDocument filter, BsonDocument fields, bool upsert, CancellationToken cancellationToken)
    {
        // findAndModify by hand, since its update is a pipeline.
        var command = Bson.Document(
            ("findAndModify", options.LeaseCollection),
            ("query", filter),
            ("update", Bson.Array(Bson.Document(("$set", fields)))),
            ("upsert", upsert),
            ("new", true));
        while (true)
        {
            try
            {
                var reply = await database.RunCommandAsync(command, session: null, cancellationToken).ConfigureAwait(false);
                return reply.TryGetDocument("value"u8, out var lease) ? lease : null;
            }
            catch (MongoException e) when (upsert && e.IsDuplicateKey)
            {
                // Another made it at the same moment: now it is there.
            }
        }
    }
}
