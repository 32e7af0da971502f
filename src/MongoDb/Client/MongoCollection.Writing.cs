namespace IotBus.MongoDb;

/// <summary>
/// Writes. Outside a session each is sent once more after a network error or a change of primary, and has one effect (retryable writes);
/// those that touch several documents by one statement, and those in a session, are sent once. A write that its caller has given up, by
/// cancelling it or because it took too long, is not sent again.
/// </summary>
public sealed partial class MongoCollection
{
    /// <summary>Inserts documents, by as many commands as they need (100,000 documents or 12 MiB each). Each must have an <c>_id</c>.</summary>
    /// <exception cref="MongoBulkWriteException">Some were refused.</exception>
    public Task<BulkWriteResult> InsertManyAsync(
        BsonBatch documents, WriteOptions? options = null, MongoSession? session = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        return WriteAsync(documents.Share(), options, session, cancellationToken);
    }

    /// <exception cref="MongoBulkWriteException">It was refused; <see cref="MongoException.IsDuplicateKey"/> if its key is there.</exception>
    public async Task InsertOneAsync(BsonDocument document, MongoSession? session = null, CancellationToken cancellationToken = default)
    {
        using var batch = new BsonBatch(document.Memory.Length);
        batch.Add(document);
        await WriteAsync(batch.Share(), options: null, session, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs update and delete statements. In order, if ordered; otherwise the updates first.</summary>
    /// <exception cref="MongoBulkWriteException">Some were refused.</exception>
    public Task<BulkWriteResult> BulkWriteAsync(
        WriteBatch statements, WriteOptions? options = null, MongoSession? session = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(statements);
        return WriteAsync(statements.Share(), options, session, cancellationToken);
    }

    /// <summary>Updates one document by operators or a replacement.</summary>
    /// <exception cref="MongoBulkWriteException">It was refused.</exception>
    public async Task<BulkWriteResult> UpdateOneAsync(
        BsonDocument filter,
        BsonDocument update,
        bool upsert = false,
        MongoSession? session = null,
        CancellationToken cancellationToken = default)
    {
        using var batch = new WriteBatch(capacity: 1024);
        batch.Update(filter, update, upsert);
        return await WriteAsync(batch.Share(), options: null, session, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Updates all documents that match by operators.</summary>
    /// <exception cref="MongoBulkWriteException">It was refused.</exception>
    public async Task<BulkWriteResult> UpdateManyAsync(
        BsonDocument filter, BsonDocument update, MongoSession? session = null, CancellationToken cancellationToken = default)
    {
        using var batch = new WriteBatch(capacity: 1024);
        batch.Update(filter, update, multi: true);
        return await WriteAsync(batch.Share(), options: null, session, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes one document that matches, and tells how many it were.</summary>
    public Task<long> DeleteOneAsync(BsonDocument filter, MongoSession? session = null, CancellationToken cancellationToken = default) =>
        DeleteAsync(filter, multi: false, session, cancellationToken);

    /// <summary>Deletes all documents that match, and tells how many it were.</summary>
    public Task<long> DeleteManyAsync(BsonDocument filter, MongoSession? session = null, CancellationToken cancellationToken = default) =>
        DeleteAsync(filter, multi: true, session, cancellationToken);

    private async Task<long> DeleteAsync(BsonDocument filter, bool multi, MongoSession? session, CancellationToken cancellationToken)
    {
        using var batch = new WriteBatch(capacity: 1024);
        batch.Delete(filter, multi);
        return (await WriteAsync(batch.Share(), options: null, session, cancellationToken).ConfigureAwait(false)).Deleted;
    }

    private Task<BulkWriteResult> WriteAsync(
        BatchContent batch, WriteOptions? options, MongoSession? session, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
        {
            batch.Release();
            return Task.FromResult(BulkWriteResult.None);
        }

        var writer = new BatchWriter(this, batch, options ?? new WriteOptions(), session?.Native);
        return Lanes.RunAsync(writer.Run, session?.Lane, batch.Release, cancellationToken);
    }
}
