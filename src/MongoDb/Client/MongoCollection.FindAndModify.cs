namespace IotBus.MongoDb;

/// <summary>Changes of one document that return it. Outside a session they are sent once more after a network error, with one effect.</summary>
public sealed partial class MongoCollection
{
    /// <summary>Changes one document by operators or a replacement, and returns it as it was, or as it became.</summary>
    /// <exception cref="MongoException">It was refused; <see cref="MongoException.IsDuplicateKey"/> if a key is there.</exception>
    public Task<BsonDocument?> FindOneAndUpdateAsync(
        BsonDocument filter,
        BsonDocument update,
        FindAndUpdateOptions? options = null,
        MongoSession? session = null,
        CancellationToken cancellationToken = default) =>
        FindAndModifyAsync(filter, update, options ?? new FindAndUpdateOptions(), session, cancellationToken);

    /// <summary>Removes one document and returns it.</summary>
    /// <param name="filter">Which documents are meant.</param>
    /// <param name="sort">Which of those that match; any if null.</param>
    /// <param name="session">A session, or null.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    public Task<BsonDocument?> FindOneAndDeleteAsync(
        BsonDocument filter, BsonDocument? sort = null, MongoSession? session = null, CancellationToken cancellationToken = default) =>
        FindAndModifyAsync(filter, update: null, new FindAndUpdateOptions { Sort = sort }, session, cancellationToken);

    private Task<BsonDocument?> FindAndModifyAsync(
        BsonDocument filter, BsonDocument? update, FindAndUpdateOptions options, MongoSession? session, CancellationToken cancellationToken)
    {
        var native = session?.Native;
        return Lanes.RunAsync(
            (lane, call) =>
            {
                var number = lane.NumberWrite(native);
                var command = FindAndModify(filter, update, options, number);
                var reply = lane.Write(Database.NativeName, command.Span, native, number is not null, call);
                return reply.TryGetDocument("value"u8, out var document) ? document : (BsonDocument?)null;
            },
            session?.Lane,
            release: null,
            cancellationToken);
    }

    private BsonDocument FindAndModify(BsonDocument filter, BsonDocument? update, FindAndUpdateOptions options, long? number) =>
        Bson.Document(w =>
        {
            w.WriteString("findAndModify"u8, Name);
            w.WriteDocument("query"u8, filter);
            if (options.Sort is { } sort)
                w.WriteDocument("sort"u8, sort);

            if (options.Projection is { } projection)
                w.WriteDocument("fields"u8, projection);

            if (update is { } change)
            {
                w.WriteDocument("update"u8, change);
                w.WriteBoolean("new"u8, options.ReturnUpdated);
                w.WriteBoolean("upsert"u8, options.Upsert);
            }
            else
            {
                w.WriteBoolean("remove"u8, true);
            }

            if (number is { } value)
                w.WriteInt64("txnNumber"u8, value);
        });
}
