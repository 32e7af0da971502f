using System.Diagnostics;
using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>
/// The database and the transaction of a scope. In a consumer or a saga behind <c>UseMongoDbOutbox</c> a transaction is under way: pass
/// <see cref="Session"/> to each operation, and what it writes is committed together with the inbox row, the saga and all messages sent. Elsewhere,
/// with the bus outbox, begin and commit one, or use <see cref="WithTransactionAsync{T}"/>. Not thread-safe, like the session itself.
/// </summary>
public sealed class MongoDbContext : IAsyncDisposable
{
    private readonly TransactionCommit _commit;
    private readonly Func<Guid, Task> _announce;
    private readonly OutboxWriter _writer;
    private MongoSession? _session;

    internal MongoDbContext(PersistenceStore store, OutboxWriter writer, TransactionCommit commit, Func<Guid, Task> announce)
    {
        Database = store.Database;
        _writer = writer;
        _commit = commit;
        _announce = announce;
        Capture = writer.NewCapture();
    }

    /// <summary>The database.</summary>
    public MongoDatabase Database { get; }

    /// <summary>The session to pass to each operation; null while no transaction is under way.</summary>
    public MongoSession? Session => _session;

    /// <summary>What this transaction will send.</summary>
    internal OutboxCapture Capture { get; }

    /// <summary>Starts a transaction: majority, snapshot. What the scope sends from now on waits for its commit.</summary>
    /// <exception cref="InvalidOperationException">One is under way.</exception>
    /// <exception cref="MongoException">No session became free in time, or the store cannot be reached.</exception>
    public async Task<MongoSession> BeginTransactionAsync(CancellationToken cancellationToken = default)
    {
        if (_session is not null)
            throw new InvalidOperationException("A transaction is under way in this scope.");

        await _writer.ReadyAsync().ConfigureAwait(false);
        var session = await Database.Client.StartSessionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _announce(session.Id).ConfigureAwait(false);
            session.StartTransaction();
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return _session = session;
    }

    /// <summary>
    /// Writes the messages that were sent, commits, and lets them be delivered. A commit whose result is unknown is sent again until it is known.
    /// </summary>
    /// <exception cref="InvalidOperationException">None is under way.</exception>
    /// <exception cref="MongoException">
    /// It was refused, and nothing happened; or, with <see cref="MongoLabels.UnknownCommitResult"/>, nobody knows.
    /// </exception>
    public async Task CommitTransactionAsync(CancellationToken cancellationToken = default)
    {
        var session = Session ?? throw new InvalidOperationException("There is no transaction to commit in this scope.");
        try
        {
            var (messages, cancelled) = Capture.Take();
            await _writer.WriteAsync(messages, cancelled, session, cancellationToken).ConfigureAwait(false);
            FaultPoint.Reach("before commit");
            await _commit.CommitAsync(session).ConfigureAwait(false);
            FaultPoint.Reach("after commit");
            _writer.Announce(messages);
        }
        finally
        {
            await EndAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Gives the transaction up, with the messages that wait for it. Does nothing if none is under way.</summary>
    public async Task AbortTransactionAsync()
    {
        Capture.Clear();
        if (_session is not { } session)
            return;

        try
        {
            if (session.IsInTransaction)
                await session.AbortTransactionAsync().ConfigureAwait(false);
        }
        catch (MongoException e)
        {
            // The server ends it by itself; what the caller hears of is why it was given up.
            Activity.Current?.AddEvent(new ActivityEvent($"The transaction was not aborted: {e.Message}"));
        }
        finally
        {
            await EndAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Runs a body in a transaction, and all of it again, for up to the outbox's <c>RetryTimeLimit</c>, when the store was in the way. What the
    /// body sends through the scope's endpoints is committed with it, once.
    /// </summary>
    /// <exception cref="MongoException">The store was in the way for too long, or refused an operation.</exception>
    public async Task<T> WithTransactionAsync<T>(
        Func<MongoSession, CancellationToken, Task<T>> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        var backoff = _commit.NewBackoff();
        while (true)
        {
            try
            {
                var session = await BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
                var result = await body(session, cancellationToken).ConfigureAwait(false);
                await CommitTransactionAsync(cancellationToken).ConfigureAwait(false);
                return result;
            }
            catch (Exception e) when (MayRunAgain(e) && backoff.Next() is { } pause)
            {
                await AbortTransactionAsync().ConfigureAwait(false);
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                await AbortTransactionAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    public async ValueTask DisposeAsync() => await AbortTransactionAsync().ConfigureAwait(false);

    // Without an inbox nothing tells whether a commit of unknown result happened: then the caller has to look.
    private static bool MayRunAgain(Exception e) =>
        StoreFailure.IsTransient(e) && !(e is MongoException failure && failure.HasLabel(MongoLabels.UnknownCommitResult));

    private async Task EndAsync()
    {
        if (Interlocked.Exchange(ref _session, null) is { } session)
            await session.DisposeAsync().ConfigureAwait(false);
    }
}
