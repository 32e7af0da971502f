namespace IotBus.MongoDb;

/// <summary>Adds up the answers to the commands of one batch.</summary>
internal sealed class BulkTally
{
    private readonly List<UpsertedDocument> _upserted = [];
    private readonly List<BulkWriteError> _errors = [];
    private long _inserted;
    private long _matched;
    private long _modified;
    private long _deleted;

    public bool HasErrors => _errors.Count > 0;

    public void Add(BsonDocument reply, BatchSlice slice)
    {
        var n = reply.TryGetInt64("n"u8, out var count) ? count : 0;
        switch (slice.Command)
        {
            case StatementKind.Insert:
                _inserted += n;
                break;
            case StatementKind.Update:
                _matched += n - AddUpserted(reply, slice);
                _modified += reply.TryGetInt64("nModified"u8, out var modified) ? modified : 0;
                break;
            default:
                _deleted += n;
                break;
        }

        AddErrors(reply, slice);
    }

    /// <summary>What the batch did.</summary>
    /// <exception cref="MongoBulkWriteException">Some of it was refused.</exception>
    public BulkWriteResult ToResult()
    {
        _upserted.Sort(static (a, b) => a.Index.CompareTo(b.Index));
        var result = new BulkWriteResult(_inserted, _matched, _modified, _deleted, _upserted);
        if (_errors.Count == 0)
            return result;

        _errors.Sort(static (a, b) => a.Index.CompareTo(b.Index));
        throw new MongoBulkWriteException(result, _errors);
    }

    private int AddUpserted(BsonDocument reply, BatchSlice slice)
    {
        if (!reply.TryGetDocument("upserted"u8, out var upserted))
            return 0;

        var count = 0;
        foreach (var element in upserted)
        {
            var document = element.Value.AsDocument();
            _upserted.Add(new UpsertedDocument(slice.IndexOf(document.GetInt32("index"u8)), document["_id"u8]));
            count++;
        }

        return count;
    }

    private void AddErrors(BsonDocument reply, BatchSlice slice)
    {
        if (!reply.TryGetDocument("writeErrors"u8, out var errors))
            return;

        foreach (var element in errors)
        {
            var error = element.Value.AsDocument();
            _errors.Add(new BulkWriteError(
                slice.IndexOf(error.GetInt32("index"u8)),
                error.GetInt32("code"u8),
                error.TryGetString("errmsg"u8, out var message) ? message : "no reason was given",
                error.TryGetDocument("keyValue"u8, out var key) ? key : null));
        }
    }
}
