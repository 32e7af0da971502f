using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>
/// The processes that use the outbox: <c>_id</c>, <c>instance</c>, <c>sessions</c>, <c>until</c> by the server's clock. A process that is killed within a transaction
/// leaves it open on the server, for a minute by default, and with it the message's inbox row: whoever finds that its time has run out ends its sessions
/// and frees its leases.
/// </summary>
internal sealed class ProcessCollection(MongoDatabase database, MongoDbOutboxOptions options, LeaseCollection leases)
{
    private readonly MongoCollection _collection = database.GetCollection(options.ProcessCollection);
    private readonly Lock _lock = new();
    private readonly HashSet<Guid> _sessions = [];

    /// <summary>This process.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>Names a session before its first transaction, so that it can be ended if this process dies. Costs a command the first time only.</summary>
    public async Task AnnounceAsync(Guid session)
    {
        lock (_lock)
        {
            if (_sessions.Contains(session))
                return;
        }

        await WriteAsync([session], CancellationToken.None).ConfigureAwait(false);
        lock (_lock)
            _sessions.Add(session);
    }

    /// <summary>Says that this process lives.</summary>
    public Task HeartbeatAsync(CancellationToken cancellationToken) => WriteAsync([], cancellationToken);

    /// <summary>Ends what dead processes left behind; with <paramref name="predecessor"/> also what the last process of this instance did.</summary>
    public async Task ReapAsync(bool predecessor, CancellationToken cancellationToken)
    {
        // A handful of documents, so that the server's clock can decide without an index.
        var dead = Bson.Document(("$expr", Bson.Document(("$lt", Bson.Array("$until", "$$NOW")))));
        if (predecessor && options.InstanceId is { } instance)
            dead = Bson.Document(("$or", Bson.Array(dead, Bson.Document(("instance", instance)))));

        foreach (var process in await _collection.FindAsync(dead, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            var id = process.GetGuid("_id"u8);
            if (id != Id)
                await BuryAsync(id, process, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>At the end of this process, when its transactions have ended.</summary>
    public Task LeaveAsync() => _collection.DeleteOneAsync(Bson.Document(("_id", Id)));

    private async Task BuryAsync(Guid id, BsonDocument process, CancellationToken cancellationToken)
    {
        if (process.TryGetDocument("sessions"u8, out var sessions) && !sessions.IsEmpty)
        {
            var all = Bson.Array(sessions.Select(session => (BsonValue)Bson.Document(("id", session.Value))));
            await database.RunCommandAsync(Bson.Document(("killSessions", all)), session: null, cancellationToken).ConfigureAwait(false);
        }

        await leases.FreeAsync(id, cancellationToken).ConfigureAwait(false);
        await _collection.DeleteOneAsync(Bson.Document(("_id", id)), session: null, cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteAsync(IReadOnlyList<Guid> sessions, CancellationToken cancellationToken)
    {
        var set = Bson.Document(w =>
        {
            w.WriteDocument("until"u8, Bson.Document(("$add", Bson.Array("$$NOW", (long)options.LeaseDuration.TotalMilliseconds))));
            if (options.InstanceId is { } instance)
                w.WriteDocument("instance"u8, Bson.Document(("$literal", instance)));

            var known = Bson.Document(("$ifNull", Bson.Array("$sessions", Bson.Array([]))));
            var named = Bson.Array(sessions.Select(session => (BsonValue)session));
            w.WriteDocument("sessions"u8, Bson.Document(("$setUnion", Bson.Array(known, named))));
        });
        using var batch = new WriteBatch(capacity: 1024);
        batch.Update(Bson.Document(("_id", Id)), [Bson.Document(("$set", set))], upsert: true);
        await _collection.BulkWriteAsync(batch, options: null, session: null, cancellationToken).ConfigureAwait(false);
    }
}
