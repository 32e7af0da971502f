using System.Linq.Expressions;
using IotBus.MongoDb;
using MassTransit;

namespace IotBus.Persistence;

/// <summary>The instances of a saga: <c>_id</c> (the correlation), <c>Version</c>, the class's properties, and <c>completed_at</c> of those that are kept. Thread-safe.</summary>
internal sealed class SagaCollection<TSaga>(MongoDatabase database, SagaCollectionOptions options, StoreSetup setup, TimeProvider time)
    where TSaga : class, ISagaVersion
{
    private const string CompletedAt = "completed_at";

    private readonly MongoCollection _collection = database.GetCollection(options.Name);
    private readonly ObjectConverter _map = (ObjectConverter)BsonMap.For(typeof(TSaga));

    /// <summary>Makes the collection, outside a transaction: call it before one begins, or as soon as it can be.</summary>
    public Task ReadyAsync()
    {
        List<IndexModel> indexes = [.. options.Indexes];
        if (options.KeepsFor is { } life)
            indexes.Add(new IndexModel(Bson.Document((CompletedAt, 1))) { ExpireAfter = life });

        return setup.CollectionAsync(options.Name, indexes);
    }

    public async Task<TSaga?> LoadAsync(Guid correlationId, MongoSession? session, CancellationToken cancellationToken)
    {
        var document = await _collection.FindOneAsync(IdFilter(correlationId), options: null, session, cancellationToken).ConfigureAwait(false);
        return document is { } found ? Read(found) : null;
    }

    public async Task<IReadOnlyList<TSaga>> FindAsync(
        Expression<Func<TSaga, bool>> filter, MongoSession? session, CancellationToken cancellationToken)
    {
        var query = SagaFilter.Translate(filter);
        await EnsureIndexAsync(query, session).ConfigureAwait(false);
        var found = await _collection.FindAsync(query.Filter, options: null, session, cancellationToken).ConfigureAwait(false);
        return [.. found.Select(Read)];
    }

    public async Task<IReadOnlyList<Guid>> FindIdsAsync(Expression<Func<TSaga, bool>> filter, CancellationToken cancellationToken)
    {
        var query = SagaFilter.Translate(filter);
        var find = new FindOptions { Projection = Bson.Document(("_id", 1)) };
        var found = await _collection.FindAsync(query.Filter, find, session: null, cancellationToken).ConfigureAwait(false);
        return [.. found.Select(saga => saga.GetGuid("_id"u8))];
    }

    /// <exception cref="SagaConcurrencyException">Another message made it first.</exception>
    public async Task InsertAsync(TSaga saga, MongoSession? session, CancellationToken cancellationToken)
    {
        try
        {
            await _collection.InsertOneAsync(Write(saga), session, cancellationToken).ConfigureAwait(false);
            FaultPoint.Reach("after saga");
        }
        catch (MongoException e) when (e.IsDuplicateKey)
        {
            throw new SagaConcurrencyException(typeof(TSaga), saga.CorrelationId, saga.Version);
        }
    }

    /// <exception cref="SagaConcurrencyException">It is not at the version that was read.</exception>
    public async Task UpdateAsync(TSaga saga, MongoSession? session, CancellationToken cancellationToken)
    {
        var version = saga.Version;
        saga.Version = version + 1;
        try
        {
            await ReplaceAsync(saga, version, Write(saga), session, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            saga.Version = version;
            throw;
        }
    }

    /// <summary>Removes an instance that completed, or keeps it.</summary>
    /// <exception cref="SagaConcurrencyException">It is not at the version that was read.</exception>
    public async Task CompleteAsync(TSaga saga, MongoSession? session, CancellationToken cancellationToken)
    {
        var version = saga.Version;
        if (options.KeepsCompleted)
        {
            saga.Version = version + 1;
            var now = time.GetUtcNow();
            var document = Write(saga);
            var kept = Bson.Document(writer =>
            {
                foreach (var field in document)
                    writer.WriteValue(field.Name, field.Value);

                writer.WriteDateTime("completed_at"u8, now);
            });
            await ReplaceAsync(saga, version, kept, session, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (await _collection.DeleteOneAsync(VersionFilter(saga, version), session, cancellationToken).ConfigureAwait(false) == 0)
            throw new SagaConcurrencyException(typeof(TSaga), saga.CorrelationId, version);

        FaultPoint.Reach("after saga");
    }

    public bool KeepsCompleted => options.KeepsCompleted;

    private async Task ReplaceAsync(TSaga saga, int version, BsonDocument document, MongoSession? session, CancellationToken cancellationToken)
    {
        var result = await _collection.UpdateOneAsync(VersionFilter(saga, version), document, upsert: false, session, cancellationToken)
            .ConfigureAwait(false);
        if (result.Matched == 0)
            throw new SagaConcurrencyException(typeof(TSaga), saga.CorrelationId, version);

        FaultPoint.Reach("after saga");
    }

    private async Task EnsureIndexAsync(SagaQueryFilter query, MongoSession? session)
    {
        if (query.Index is not { } index || setup.HasIndex(options.Name, index))
            return;

        if (session is not null)
            throw new SagaIndexMissingException(options.Name, index);

        await setup.IndexAsync(options.Name, index).ConfigureAwait(false);
    }

    private TSaga Read(BsonDocument document) => (TSaga)_map.ReadDocument(document, nameof(ISaga.CorrelationId));

    private BsonDocument Write(TSaga saga) => _map.WriteDocument(saga, nameof(ISaga.CorrelationId));

    private static BsonDocument IdFilter(Guid correlationId) => Bson.Document(("_id", correlationId));

    private static BsonDocument VersionFilter(TSaga saga, int version) => Bson.Document(("_id", saga.CorrelationId), ("Version", version));
}
