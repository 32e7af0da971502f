namespace IotBus.MongoDb;

/// <summary>
/// Writes. Outside a session each is sent once more after a network error or a change of primary, and has one effect (retryable writes);
/// those that touch several documents by one statement, and those in a session, are sent once.
/// </summary>
public sealed partial class MongoCollection
{
    /// <summary>Inserts documents, by as many commands as they need (100,000 documents or 12 MiB each). Each must have an <c>_id</c>.</summary>
    /// <exception cref="MongoBulkWriteException">Some were refused.</exception>
    public Task<BulkWriteResult> InsertManyAsync(
        BsonBatch documents, WriteOptions? options = null, MongoSession? session = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <exception cref="MongoBulkWriteException">It was refused; <see cref="MongoException.IsDuplicateKey"/> if its key is there.</exception>
    public Task InsertOneAsync(BsonDocument document, MongoSession? session = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Runs update and delete statements. In order, if ordered; otherwise the updates first.</summary>
    /// <exception cref="MongoBulkWriteException">Some were refused.</exception>
    public Task<BulkWriteResult> BulkWriteAsync(
        WriteBatch statements, WriteOptions? options = null, MongoSession? session = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Updates one document by operators or a replacement.</summary>
    /// <exception cref="MongoBulkWriteException">It was refused.</exception>
    public Task<BulkWriteResult> UpdateOneAsync(
        BsonDocument filter,
        BsonDocument update,
        bool upsert = false,
        MongoSession? session = null,
        CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Updates all documents that match by operators.</summary>
    /// <exception cref="MongoBulkWriteException">It was refused.</exception>
    public Task<BulkWriteResult> UpdateManyAsync(
        BsonDocument filter, BsonDocument update, MongoSession? session = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Deletes one document that matches, and tells how many it were.</summary>
    public Task<long> DeleteOneAsync(BsonDocument filter, MongoSession? session = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Deletes all documents that match, and tells how many it were.</summary>
    public Task<long> DeleteManyAsync(BsonDocument filter, MongoSession? session = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Changes one document and returns it as it was, or as it became.</summary>
    public Task<BsonDocument?> FindOneAndUpdateAsync(
        BsonDocument filter,
        BsonDocument update,
        FindAndUpdateOptions? options = null,
        MongoSession? session = null,
        CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Removes one document and returns it.</summary>
    /// <param name="sort">Which of those that match; any if null.</param>
    public Task<BsonDocument?> FindOneAndDeleteAsync(
        BsonDocument filter, BsonDocument? sort = null, MongoSession? session = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
