using System.Runtime.CompilerServices;

namespace IotBus.MongoDb;

/// <summary>Reads. Outside a transaction each is sent once more after a network error or a change of primary (retryable reads).</summary>
public sealed partial class MongoCollection
{
    /// <summary>All documents that match, in memory.</summary>
    public Task<IReadOnlyList<BsonDocument>> FindAsync(
        BsonDocument filter, FindOptions? options = null, MongoSession? session = null, CancellationToken cancellationToken = default) =>
        ReadAllAsync(Find(filter, options, session), cancellationToken);

    /// <summary>The documents that match, batch by batch. The server's cursor is closed when the enumeration is left early.</summary>
    public IAsyncEnumerable<BsonDocument> FindEachAsync(
        BsonDocument filter, FindOptions? options = null, MongoSession? session = null, CancellationToken cancellationToken = default) =>
        ReadEachAsync(() => Find(filter, options, session), cancellationToken);

    /// <summary>One document that matches, if there is one.</summary>
    public async Task<BsonDocument?> FindOneAsync(
        BsonDocument filter, FindOptions? options = null, MongoSession? session = null, CancellationToken cancellationToken = default)
    {
        var command = ReadCommands.Find(Name, filter, (options ?? new FindOptions()) with { Limit = 1, BatchSize = 0 }, singleBatch: true);
        var documents = await ReadAllAsync(new MongoCursor(this, command, repeatable: true, batchSize: 0, session), cancellationToken)
            .ConfigureAwait(false);
        return documents.Count > 0 ? documents[0] : null;
    }

    /// <summary>All results of an aggregation, in memory.</summary>
    public Task<IReadOnlyList<BsonDocument>> AggregateAsync(
        IReadOnlyList<BsonDocument> pipeline,
        AggregateOptions? options = null,
        MongoSession? session = null,
        CancellationToken cancellationToken = default) =>
        ReadAllAsync(Aggregate(pipeline, options, session), cancellationToken);

    /// <summary>The results of an aggregation, batch by batch. The server's cursor is closed when the enumeration is left early.</summary>
    public IAsyncEnumerable<BsonDocument> AggregateEachAsync(
        IReadOnlyList<BsonDocument> pipeline,
        AggregateOptions? options = null,
        MongoSession? session = null,
        CancellationToken cancellationToken = default) =>
        ReadEachAsync(() => Aggregate(pipeline, options, session), cancellationToken);

    /// <summary>How many documents match, counted by an aggregation, so also right in a transaction.</summary>
    public async Task<long> CountAsync(BsonDocument filter, MongoSession? session = null, CancellationToken cancellationToken = default)
    {
        BsonDocument[] pipeline =
        [
            Bson.Document(("$match", filter)),
            Bson.Document(("$group", Bson.Document(("_id", 1), ("n", Bson.Document(("$sum", 1)))))),
        ];
        var groups = await AggregateAsync(pipeline, options: null, session, cancellationToken).ConfigureAwait(false);
        return groups.Count > 0 ? groups[0].GetInt64("n"u8) : 0;
    }

    private static async Task<IReadOnlyList<BsonDocument>> ReadAllAsync(MongoCursor cursor, CancellationToken cancellationToken)
    {
        await using (cursor.ConfigureAwait(false))
        {
            var documents = await cursor.NextAsync(cancellationToken).ConfigureAwait(false) ?? [];
            if (await cursor.NextAsync(cancellationToken).ConfigureAwait(false) is not { } more)
                return documents;

            List<BsonDocument> all = [.. documents];
            for (; more is not null; more = await cursor.NextAsync(cancellationToken).ConfigureAwait(false))
                all.AddRange(more);

            return all;
        }
    }

    private static async IAsyncEnumerable<BsonDocument> ReadEachAsync(
        Func<MongoCursor> open, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = open();
        await using (cursor.ConfigureAwait(false))
        {
            while (await cursor.NextAsync(cancellationToken).ConfigureAwait(false) is { } documents)
            {
                foreach (var document in documents)
                    yield return document;
            }
        }
    }

    private MongoCursor Find(BsonDocument filter, FindOptions? options, MongoSession? session)
    {
        options ??= new FindOptions();
        var command = ReadCommands.Find(Name, filter, options, singleBatch: false);
        return new MongoCursor(this, command, repeatable: true, options.BatchSize, session);
    }

    private MongoCursor Aggregate(IReadOnlyList<BsonDocument> pipeline, AggregateOptions? options, MongoSession? session)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        options ??= new AggregateOptions();
        var command = ReadCommands.Aggregate(Name, pipeline, options);
        return new MongoCursor(this, command, repeatable: !ReadCommands.Writes(pipeline), options.BatchSize, session);
    }
}
