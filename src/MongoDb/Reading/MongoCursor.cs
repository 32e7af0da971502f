using IotBus.MongoDb.Lanes;

namespace IotBus.MongoDb;

/// <summary>
/// Reads the batches of one find or aggregation. A cursor that the server keeps open belongs to the lane's server session (or to the
/// caller's), so its next batches are asked for on the same lane.
/// </summary>
internal sealed class MongoCursor(MongoCollection collection, BsonDocument command, bool repeatable, int batchSize, MongoSession? session)
    : IAsyncDisposable
{
    private readonly LanePool _lanes = collection.Database.Client.Lanes;
    private Lane? _lane = session?.Lane;
    private uint _server;
    private long _id;
    private bool _isOpen;

    /// <summary>The next documents; null after the last.</summary>
    public async Task<IReadOnlyList<BsonDocument>?> NextAsync(CancellationToken cancellationToken)
    {
        if (_isOpen && _id == 0)
            return null;

        return await _lanes.RunAsync(Next, _lane, release: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the server's cursor if it is open. What the server says to that is of no consequence: it closes cursors by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_id == 0)
            return;

        var id = _id;
        _id = 0;
        try
        {
            await _lanes.RunAsync((lane, _) => Kill(lane, id), _lane, release: null, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is MongoException or ObjectDisposedException)
        {
            // The documents were read; a cursor that could not be closed ends after ten minutes.
            Native.DriverLog.Note($"A cursor could not be closed: {e.Message}");
        }
    }

    private List<BsonDocument> Next(LaneConnection lane, LaneCall call)
    {
        var isFirst = !_isOpen;
        var request = isFirst ? command : MoreCommand();
        var reply = Read(lane, request, isFirst && repeatable);
        if (!reply.TryGetDocument("cursor"u8, out var cursor)
            || !cursor.TryGetInt64("id"u8, out _id)
            || !cursor.TryGetDocument(isFirst ? "firstBatch"u8 : "nextBatch"u8, out var batch))
        {
            throw new BsonFormatException($"The server's answer has no cursor: {reply}");
        }

        _isOpen = true;
        _lane ??= lane.Lane;
        if (call.IsAbandoned && _id != 0)
            Kill(lane, _id);

        var documents = new List<BsonDocument>();
        foreach (var element in batch)
            documents.Add(element.Value.AsDocument());

        return documents;
    }

    private BsonDocument Kill(LaneConnection lane, long id) =>
        Read(lane, Bson.Document(("killCursors", collection.Name), ("cursors", Bson.Array(id))), mayRepeat: false);

    /// <summary>Reads; in a transaction on its server and once, whatever the URI says.</summary>
    private BsonDocument Read(LaneConnection lane, BsonDocument request, bool mayRepeat)
    {
        var inTransaction = session?.IsInTransaction == true;
        return lane.Read(
            collection.Database.NativeName, request.Span, session?.Native, mayRepeat && !inTransaction, mayChoose: !inTransaction, ref _server);
    }

    private BsonDocument MoreCommand() => Bson.Document(w =>
    {
        w.WriteInt64("getMore"u8, _id);
        w.WriteString("collection"u8, collection.Name);
        if (batchSize > 0)
            w.WriteInt32("batchSize"u8, batchSize);
    });
}
