using System.Collections.Concurrent;
using IotBus.MongoDb;
using IotBus.Processors.Store;
using Microsoft.Extensions.Options;

namespace IotBus.Processors.Decommissioning;

/// <summary>
/// The devices that are out of service: the collection <c>decommissioned</c>, and a copy of it in memory that is never older than
/// <see cref="DecommissioningOptions.Staleness"/> when it is asked. Thread-safe.
/// </summary>
internal sealed class DecommissionedDevices(MongoDatabase database, IOptions<DecommissioningOptions> options, TimeProvider time) : IDisposable
{
    // Each replica dates by its own clock: what comes late is looked for that far back.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);

    private readonly MongoCollection _collection = database.GetCollection(Collections.Decommissioned);
    private readonly ConcurrentDictionary<string, byte> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private DateTimeOffset? _newest;
    private long _asOf = long.MinValue;

    /// <summary>Returns once the copy is fresh enough. Costs nothing while the background refreshes it.</summary>
    /// <exception cref="MongoException">It is not, and the store does not answer: then nothing may be applied.</exception>
    public async ValueTask EnsureFreshAsync(CancellationToken cancellationToken)
    {
        if (IsOlderThan(options.Value.Staleness))
            await RefreshAsync(options.Value.Staleness, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether a device is out of service, as of the last refresh.</summary>
    public bool Contains(string device) => !_known.IsEmpty && _known.ContainsKey(device);

    /// <summary>Which of the devices are out of service now.</summary>
    public async Task<IReadOnlyList<string>> WhichAsync(IEnumerable<string> devices, CancellationToken cancellationToken)
    {
        var filter = Bson.Document(("_id", Bson.Document(("$in", Bson.Array(devices.Select(device => (BsonValue)device))))));
        var found = await _collection.FindAsync(filter, cancellationToken: cancellationToken).ConfigureAwait(false);
        return [.. found.Select(document => document.GetString("_id"u8))];
    }

    /// <summary>Reads what is new, unless the copy is younger than a time.</summary>
    public async Task RefreshAsync(TimeSpan unlessYounger, CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!IsOlderThan(unlessYounger))
                return;

            var asked = time.GetTimestamp();
            var filter = _newest is { } newest ? Bson.Document(("at", Bson.Document(("$gte", newest - Overlap)))) : BsonDocument.Empty;
            foreach (var document in await _collection.FindAsync(filter, cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                _known.TryAdd(document.GetString("_id"u8), 0);
                var at = document.GetDateTime("at"u8);
                _newest = at > _newest || _newest is null ? at : _newest;
            }

            Interlocked.Exchange(ref _asOf, asked);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    public void Dispose() => _refreshing.Dispose();

    private bool IsOlderThan(TimeSpan age)
    {
        var asOf = Interlocked.Read(ref _asOf);
        return asOf == long.MinValue || time.GetElapsedTime(asOf) > age;
    }
}
