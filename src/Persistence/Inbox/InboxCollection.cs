using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>Which message which consumer has consumed: <c>_id {c: consumer, m: message}</c>, <c>at</c>. Rows expire.</summary>
internal sealed class InboxCollection(MongoDatabase database, MongoDbOutboxOptions options, TimeProvider time)
{
    private readonly MongoCollection _collection = database.GetCollection(options.InboxCollection);

    /// <summary>Marks messages as consumed.</summary>
    /// <exception cref="MongoException">With <see cref="MongoException.IsDuplicateKey"/>: one of them was consumed before.</exception>
    public async Task InsertAsync(Guid consumer, IReadOnlyList<Guid> messages, MongoSession session, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        using var batch = new BsonBatch(capacity: 1024);
        foreach (var message in messages)
        {
            var row = batch.StartDocument();
            row.WriteDocument("_id"u8, Id(consumer, message));
            row.WriteDateTime("at"u8, now);
            row.WriteEndDocument();
        }

        await _collection.InsertManyAsync(batch, options: null, session, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Which of the messages were consumed.</summary>
    public async Task<IReadOnlySet<Guid>> FindAsync(Guid consumer, IReadOnlyList<Guid> messages, CancellationToken cancellationToken)
    {
        var ids = Bson.Array(messages.Select(message => (BsonValue)Id(consumer, message)));
        var find = new FindOptions { Projection = Bson.Document(("_id", 1)) };
        var rows = await _collection.FindAsync(Bson.Document(("_id", Bson.Document(("$in", ids)))), find, session: null, cancellationToken)
            .ConfigureAwait(false);
        return rows.Select(row => row.GetDocument("_id"u8).GetGuid("m"u8)).ToHashSet();
    }

    private static BsonDocument Id(Guid consumer, Guid message) => Bson.Document(("c", consumer), ("m", message));
}
