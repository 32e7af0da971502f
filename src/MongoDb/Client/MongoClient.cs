using IotBus.MongoDb.Lanes;

namespace IotBus.MongoDb;

/// <summary>
/// A deployment of MongoDB. One client serves a whole process; it is thread-safe. Nothing is connected before the first operation. Calls
/// to the server run on threads of the client's own, never on those of the thread pool. A call that is cancelled while it waits does
/// not happen; one that is cancelled while it is with the server may happen, and nobody learns of it.
/// </summary>
public sealed class MongoClient : IAsyncDisposable
{
    private readonly LanePool _lanes;

    /// <exception cref="MongoException">The URI is malformed, or contradicts the options' user.</exception>
    /// <exception cref="DllNotFoundException">libmongoc is not installed; the message names the package.</exception>
    public MongoClient(MongoClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConnections, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxSessions, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxStreams);
        Options = options;
        _lanes = new LanePool(options);
    }

    public MongoClientOptions Options { get; }

    /// <summary>The database that the URI names, if it does.</summary>
    public string? DefaultDatabaseName => _lanes.DefaultDatabase;

    /// <summary>How long the server may be silent while an answer is due: what the URI says, or else <see cref="MongoClientOptions.SocketTimeout"/>.</summary>
    public TimeSpan SocketTimeout => _lanes.SocketTimeout;

    internal LanePool Lanes => _lanes;

    public MongoDatabase GetDatabase(string name) => new(this, name);

    /// <summary>Asks the primary for a sign of life.</summary>
    /// <exception cref="MongoException">There is none, or it does not answer.</exception>
    public Task PingAsync(CancellationToken cancellationToken = default) =>
        GetDatabase("admin").RunCommandAsync(Bson.Document(("ping", 1)), session: null, cancellationToken);

    /// <summary>
    /// Opens a session, which has a connection to itself until it is disposed. Waits while <see cref="MongoClientOptions.MaxSessions"/> are open.
    /// </summary>
    /// <exception cref="MongoException">No session became free in time, or no server was found.</exception>
    public Task<MongoSession> StartSessionAsync(CancellationToken cancellationToken = default) =>
        MongoSession.StartAsync(this, cancellationToken);

    /// <summary>Runs a transaction in a session of its own: see <see cref="MongoSession.WithTransactionAsync{T}"/>.</summary>
    public async Task<T> WithTransactionAsync<T>(
        Func<MongoSession, CancellationToken, Task<T>> body, TransactionOptions? options = null, CancellationToken cancellationToken = default)
    {
        var session = await StartSessionAsync(cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
            return await session.WithTransactionAsync(body, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the calls that wait, lets those that run end, and closes the connections.</summary>
    public ValueTask DisposeAsync() => _lanes.DisposeAsync();
}
