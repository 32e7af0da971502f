using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>The messages that are to be delivered. Each query has an index: see <see cref="Indexes"/>.</summary>
internal sealed class OutboxCollection(MongoDatabase database, MongoDbOutboxOptions options)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly MongoCollection _collection = database.GetCollection(options.OutboxCollection);

    /// <summary>
    /// <c>{destination, due, order}</c>: what is due at a destination, in order, and each destination's first. <c>{token}</c>, of scheduled messages
    /// alone: what is cancelled.
    /// </summary>
    public static IReadOnlyList<IndexModel> Indexes { get; } =
    [
        new IndexModel(Bson.Document(("destination", 1), ("due", 1), ("order", 1))),
        new IndexModel(Bson.Document(("token", 1))) { PartialFilter = Bson.Document(("token", Bson.Document(("$exists", true)))) },
    ];

    /// <param name="messages">What is to be delivered.</param>
    /// <param name="callsOthers">This process does not deliver.</param>
    /// <param name="session">The transaction's, or null.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    public async Task InsertAsync(
        IReadOnlyList<OutboxMessage> messages, bool callsOthers, MongoSession? session, CancellationToken cancellationToken)
    {
        using var batch = new BsonBatch(capacity: 4096);
        foreach (var message in messages)
        {
            var document = batch.StartDocument();
            OutboxDocument.Write(document, message, callsOthers);
            document.WriteEndDocument();
        }

        await _collection.InsertManyAsync(batch, options: null, session, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes scheduled messages out, and tells how many there were.</summary>
    public Task<long> CancelAsync(IReadOnlyList<Guid> tokens, MongoSession? session, CancellationToken cancellationToken) =>
        _collection.DeleteManyAsync(Bson.Document(("token", AnyOf(tokens))), session, cancellationToken);

    /// <summary>What is due at a destination, in order, leaving out what was delivered and is not deleted yet.</summary>
    public async Task<IReadOnlyList<OutboxMessage>> FindDueAsync(
        string destination, DateTimeOffset now, IReadOnlyList<Guid> except, int limit, CancellationToken cancellationToken)
    {
        var filter = Bson.Document(w =>
        {
            w.WriteString("destination"u8, destination);
            w.WriteDocument("due"u8, Bson.Document(("$lte", now)));
            if (except.Count > 0)
                w.WriteDocument("_id"u8, Bson.Document(("$nin", Bson.Array(except.Select(id => (BsonValue)id)))));
        });
        var find = new FindOptions { Sort = Bson.Document(("due", 1), ("order", 1)), Limit = limit, BatchSize = limit };
        var documents = await _collection.FindAsync(filter, find, session: null, cancellationToken).ConfigureAwait(false);
        return [.. documents.Select(OutboxDocument.Read)];
    }

    public Task DeleteAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        _collection.DeleteManyAsync(Bson.Document(("_id", AnyOf(ids))), session: null, cancellationToken);

    /// <summary>Each destination that has messages, with the time at which the first of them is due. Reads one index entry a destination.</summary>
    public async Task<IReadOnlyList<DestinationHead>> FindHeadsAsync(CancellationToken cancellationToken)
    {
        BsonDocument[] pipeline =
        [
            Bson.Document(("$sort", Bson.Document(("destination", 1), ("due", 1)))),
            Bson.Document(("$group", Bson.Document(("_id", "$destination"), ("due", Bson.Document(("$first", "$due")))))),
        ];
        var heads = await _collection.AggregateAsync(pipeline, options: null, session: null, cancellationToken).ConfigureAwait(false);
        return [.. heads.Select(head => new DestinationHead(head.GetString("_id"u8), head.GetDateTime("due"u8)))];
    }

    /// <summary>
    /// What is put into the outbox from now on, or after a token, as far as this process does not learn of it by itself: what nobody delivers at once where it was
    /// committed, and what is due later, which the process that scheduled it may not live to see. Read each with <see cref="ReadChange"/>.
    /// </summary>
    public Task<ChangeStream> WatchAsync(BsonDocument? resumeAfter, CancellationToken cancellationToken)
    {
        BsonDocument[] which =
        [
            Bson.Document(("fullDocument.calls", true)),
            Bson.Document(("fullDocument.due", Bson.Document(("$gt", OutboxDocument.AtOnce)))),
        ];
        BsonDocument[] pipeline =
        [
            Bson.Document(("$match", Bson.Document(("operationType", "insert"), ("$or", Bson.Array(which.Select(one => (BsonValue)one)))))),
            Bson.Document(("$project", Bson.Document(("destination", "$fullDocument.destination"), ("due", "$fullDocument.due")))),
        ];
        var client = database.Client;
        var shortest = client.SocketTimeout < client.Options.OperationTimeout ? client.SocketTimeout : client.Options.OperationTimeout;
        var wait = shortest / 2 < LongestWait ? shortest / 2 : LongestWait;
        return _collection.WatchAsync(pipeline, new ChangeStreamOptions { ResumeAfter = resumeAfter, MaxAwaitTime = wait }, cancellationToken);
    }

    public static DestinationHead ReadChange(BsonDocument change) => new(change.GetString("destination"u8), change.GetDateTime("due"u8));

    private static BsonDocument AnyOf(IReadOnlyList<Guid> ids) => Bson.Document(("$in", Bson.Array(ids.Select(id => (BsonValue)id))));
}
