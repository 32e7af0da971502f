using IotBus.MongoDb.Lanes;

namespace IotBus.MongoDb;

/// <summary>
/// The changes of a collection, as they are committed (<c>$changeStream</c>; MongoDB 5.0, a replica set). It has a connection and a thread to
/// itself until it is disposed, since the server holds its answer back until there is a change. For one reader at a time.
/// </summary>
/// <remarks>It does not open itself again: its owner does, after an error, with <see cref="ResumeToken"/>.</remarks>
public sealed class ChangeStream : IAsyncDisposable
{
    private readonly MongoCollection _collection;
    private readonly LanePool _lanes;
    private readonly Lane _lane;
    private readonly TimeSpan _maxAwaitTime;
    private List<BsonDocument> _first = [];
    private uint _server;
    private long _id;
    private bool _isBroken;

    private ChangeStream(MongoCollection collection, Lane lane, TimeSpan maxAwaitTime)
    {
        _collection = collection;
        _lanes = collection.Database.Client.Lanes;
        _lane = lane;
        _maxAwaitTime = maxAwaitTime;
    }

    /// <summary>What <see cref="ChangeStreamOptions.ResumeAfter"/> takes to go on after the changes that were returned so far; null if the server gave none.</summary>
    public BsonDocument? ResumeToken { get; private set; }

    /// <summary>The stream has ended, because the collection was dropped or renamed.</summary>
    public bool IsOver => _id == 0;

    /// <summary>
    /// The next changes, as MongoDB's manual describes them (Change Events); none if nothing changed for <see cref="ChangeStreamOptions.MaxAwaitTime"/>.
    /// </summary>
    /// <exception cref="MongoException">The stream has failed; it gives nothing more.</exception>
    /// <exception cref="InvalidOperationException">It has ended, or an earlier call failed or was cancelled.</exception>
    public async Task<IReadOnlyList<BsonDocument>> NextAsync(CancellationToken cancellationToken = default)
    {
        if (_first.Count > 0)
        {
            var first = _first;
            _first = [];
            return first;
        }

        if (_isBroken || IsOver)
            throw new InvalidOperationException("The change stream has ended: open another one.");

        // What a call brings that nobody waits for any more is lost to this stream, but not to one that goes on from its token.
        _isBroken = true;
        var batch = await _lanes.RunAsync((lane, _) => Read(lane, MoreCommand(), "nextBatch"u8, mayRepeat: false), _lane, release: null, cancellationToken)
            .ConfigureAwait(false);
        _isBroken = false;
        return Take(batch);
    }

    /// <summary>Closes the server's cursor, which ends a call that waits, and gives the connection back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _id, 0) is var id and not 0)
            await CloseAsync(id).ConfigureAwait(false);

        await ReturnAsync(_lanes, _lane).ConfigureAwait(false);
    }

    internal static async Task<ChangeStream> OpenAsync(
        MongoCollection collection, IReadOnlyList<BsonDocument> pipeline, ChangeStreamOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxAwaitTime, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(options.MaxAwaitTime, collection.Database.Client.Options.OperationTimeout);
        var lanes = collection.Database.Client.Lanes;
        var lane = lanes.LeaseForStream();
        var stream = new ChangeStream(collection, lane, options.MaxAwaitTime);
        var isOpen = false;
        try
        {
            var command = ReadCommands.Aggregate(collection.Name, [FirstStage(options), .. pipeline], new AggregateOptions());
            var batch = await lanes.RunAsync((l, call) => stream.Open(l, call, command), lane, release: null, cancellationToken).ConfigureAwait(false);
            stream._first = stream.Take(batch);
            isOpen = true;
            return stream;
        }
        finally
        {
            if (!isOpen)
                await ReturnAsync(lanes, lane).ConfigureAwait(false);
        }
    }

    private static BsonDocument FirstStage(ChangeStreamOptions options) => Bson.Document(
        ("$changeStream", options.ResumeAfter is { } token ? Bson.Document(("resumeAfter", token)) : BsonDocument.Empty));

    /// <summary>Behind the calls that are on their way.</summary>
    private static async Task ReturnAsync(LanePool lanes, Lane lane)
    {
        try
        {
            await lanes.RunAsync((_, _) => true, lane, () => lanes.Return(lane), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is MongoException or ObjectDisposedException)
        {
            Native.DriverLog.Note($"A change stream's connection was not given back in time: {e.Message}");
        }
    }

    private async Task CloseAsync(long id)
    {
        try
        {
            // Not on its own lane, where a call may wait; and on the server that has it.
            await _lanes.RunAsync((lane, _) => Kill(lane, id), lane: null, release: null, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is MongoException or ObjectDisposedException)
        {
            Native.DriverLog.Note($"A change stream could not be closed: {e.Message}");
        }
    }

    private BsonDocument Open(LaneConnection lane, LaneCall call, BsonDocument command)
    {
        var cursor = Read(lane, command, "firstBatch"u8, mayRepeat: true);
        if (call.IsAbandoned)
            Kill(lane, cursor.GetInt64("id"u8));

        return cursor;
    }

    private BsonDocument Kill(LaneConnection lane, long id)
    {
        var server = _server;
        var command = Bson.Document(("killCursors", _collection.Name), ("cursors", Bson.Array(id)));
        return lane.Read(_collection.Database.NativeName, command.Span, session: null, mayRepeat: false, mayChoose: true, ref server);
    }

    private BsonDocument Read(LaneConnection lane, BsonDocument command, ReadOnlySpan<byte> batch, bool mayRepeat)
    {
        var reply = lane.Read(_collection.Database.NativeName, command.Span, session: null, mayRepeat, mayChoose: true, ref _server);
        if (!reply.TryGetDocument("cursor"u8, out var cursor) || !cursor.TryGetInt64("id"u8, out _) || !cursor.TryGetDocument(batch, out _))
            throw new BsonFormatException($"The server's answer has no cursor: {reply}");

        return cursor;
    }

    private List<BsonDocument> Take(BsonDocument cursor)
    {
        _id = cursor.GetInt64("id"u8);
        if (!cursor.TryGetDocument("nextBatch"u8, out var batch))
            batch = cursor.GetDocument("firstBatch"u8);

        var events = new List<BsonDocument>();
        foreach (var element in batch)
            events.Add(element.Value.AsDocument());

        if (cursor.TryGetDocument("postBatchResumeToken"u8, out var token))
            ResumeToken = token;
        else if (events.Count > 0)
            ResumeToken = events[^1].GetDocument("_id"u8);

        return events;
    }

    private BsonDocument MoreCommand() => Bson.Document(
        ("getMore", _id), ("collection", _collection.Name), ("maxTimeMS", (long)_maxAwaitTime.TotalMilliseconds));
}
