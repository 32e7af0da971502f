namespace IotBus.MongoDb;

/// <summary>
/// A session: operations that see each other's effects, and transactions. It has a connection to itself until it is disposed. Not
/// thread-safe: one operation after the other. A session that is forgotten is ended by the garbage collector.
/// </summary>
public sealed class MongoSession : IAsyncDisposable
{
    public MongoClient Client => throw new NotImplementedException();

    /// <summary>Whether a transaction was started and neither committed nor aborted.</summary>
    public bool IsInTransaction { get; private set; }

    /// <summary>Starts a transaction: write concern majority, read concern snapshot, on the primary. The server learns of it with the first operation.</summary>
    /// <exception cref="InvalidOperationException">One is under way.</exception>
    public void StartTransaction() => throw new NotImplementedException();

    /// <summary>
    /// Commits, and sends the commit once more after a network error. May be called again after an error with
    /// <see cref="MongoLabels.UnknownCommitResult"/>.
    /// </summary>
    public Task CommitTransactionAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Aborts. What the server says to that is of no consequence: a transaction that is not committed ends by itself.</summary>
    public Task AbortTransactionAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>
    /// Runs a body in a transaction and commits it, as MongoDB's specification for drivers says: all of it again, after a pause, on
    /// <see cref="MongoLabels.TransientTransaction"/>, the commit alone on <see cref="MongoLabels.UnknownCommitResult"/>, until
    /// <see cref="TransactionOptions.TimeLimit"/> has passed. An exception of the body aborts the transaction and is thrown on. The body must
    /// pass the session to each operation, must let exceptions through, and must bear being run several times.
    /// </summary>
    public Task<T> WithTransactionAsync<T>(
        Func<MongoSession, CancellationToken, Task<T>> body, TransactionOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Aborts a transaction that is under way and gives the connection back.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();

    internal static Task<MongoSession> StartAsync(MongoClient client, CancellationToken cancellationToken) => throw new NotImplementedException();
}
