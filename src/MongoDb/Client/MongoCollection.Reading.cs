namespace IotBus.MongoDb;

/// <summary>Reads. Outside a transaction each is sent once more after a network error or a change of primary (retryable reads).</summary>
public sealed partial class MongoCollection
{
    /// <summary>All documents that match, in memory.</summary>
    public Task<IReadOnlyList<BsonDocument>> FindAsync(
        BsonDocument filter, FindOptions? options = null, MongoSession? session = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The documents that match, batch by batch. The server's cursor is closed when the enumeration is left early.</summary>
    public IAsyncEnumerable<BsonDocument> FindEachAsync(
        BsonDocument filter, FindOptions? options = null, MongoSession? session = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>One document that matches, if there is one.</summary>
    public Task<BsonDocument?> FindOneAsync(
        BsonDocument filter, FindOptions? options = null, MongoSession? session = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>All results of an aggregation, in memory.</summary>
    public Task<IReadOnlyList<BsonDocument>> AggregateAsync(
        IReadOnlyList<BsonDocument> pipeline,
        AggregateOptions? options = null,
        MongoSession? session = null,
        CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The results of an aggregation, batch by batch. The server's cursor is closed when the enumeration is left early.</summary>
    public IAsyncEnumerable<BsonDocument> AggregateEachAsync(
        IReadOnlyList<BsonDocument> pipeline,
        AggregateOptions? options = null,
        MongoSession? session = null,
        CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>How many documents match, counted by an aggregation, so also right in a transaction.</summary>
    public Task<long> CountAsync(BsonDocument filter, MongoSession? session = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
