using IotBus.MongoDb.Lanes;

namespace IotBus.MongoDb;

/// <summary>
/// A session: operations that see each other's effects, and transactions. It has a connection to itself until it is disposed. Not
/// thread-safe: one operation after the other. A session that is forgotten is ended after the garbage collector has found it.
/// </summary>
public sealed partial class MongoSession : IAsyncDisposable
{
    private readonly SessionLease _lease;
    private bool _hasTransaction;
    private bool _disposed;

    private MongoSession(MongoClient client, SessionLease lease)
    {
        Client = client;
        _lease = lease;
    }

    public MongoClient Client { get; }

    /// <summary>The identifier that the server knows the session by, for <c>killSessions</c>. It is used again for other sessions once this one is disposed.</summary>
    public Guid Id => Native.Id;

    /// <summary>Whether a transaction was started and neither committed nor aborted.</summary>
    public bool IsInTransaction { get; private set; }

    internal Lane Lane => _lease.Lane;

    internal NativeSession Native
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _lease.Session;
        }
    }

    /// <summary>Starts a transaction: write concern majority, read concern snapshot, on the primary. The server learns of it with the first operation.</summary>
    /// <exception cref="InvalidOperationException">One is under way, or a call in the session was cancelled and may still run.</exception>
    public void StartTransaction()
    {
        if (IsInTransaction)
            throw new InvalidOperationException("A transaction is under way in this session.");

        if (Lane.IsLate)
            throw new InvalidOperationException("A call in this session was given up and may still run: open another session.");

        Native.StartsTransaction = true;
        _hasTransaction = true;
        IsInTransaction = true;
    }

    /// <summary>
    /// Commits, and sends the commit once more after a network error. May be called again after an error with
    /// <see cref="MongoLabels.UnknownCommitResult"/>, and has one effect.
    /// </summary>
    /// <exception cref="MongoException">Its labels say what became of the transaction: see <see cref="MongoLabels"/>.</exception>
    /// <exception cref="InvalidOperationException">None was started, or it was aborted.</exception>
    public async Task CommitTransactionAsync(CancellationToken cancellationToken = default)
    {
        if (!_hasTransaction)
            throw new InvalidOperationException("There is no transaction to commit in this session.");

        var session = Native;
        IsInTransaction = false;
        try
        {
            var reply = await Client.Lanes.RunAsync((lane, _) => lane.Commit(session), Lane, release: null, cancellationToken)
                .ConfigureAwait(false);
            if (reply.Error is not null)
                throw reply.Error;
        }
        catch (MongoException e) when (e.Failure is MongoFailure.Timeout)
        {
            throw new MongoException(e.Failure, e.Message, labels: [MongoLabels.UnknownCommitResult], inner: e);
        }
    }

    /// <summary>Aborts. What the server says to that is of no consequence: a transaction that is not committed ends by itself.</summary>
    /// <exception cref="InvalidOperationException">None is under way.</exception>
    public async Task AbortTransactionAsync(CancellationToken cancellationToken = default)
    {
        if (!IsInTransaction)
            throw new InvalidOperationException("There is no transaction to abort in this session.");

        var session = Native;
        IsInTransaction = false;
        _hasTransaction = false;
        await Client.Lanes.RunAsync((lane, _) => lane.Abort(session), Lane, release: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Aborts a transaction that is under way and gives the connection back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;

        _disposed = true;
        IsInTransaction = false;
        await _lease.DisposeAsync().ConfigureAwait(false);
    }

    internal static async Task<MongoSession> StartAsync(MongoClient client, CancellationToken cancellationToken) =>
        new(client, await SessionLease.TakeAsync(client.Lanes, cancellationToken).ConfigureAwait(false));
}
