using IotBus.MongoDb.Native;

namespace IotBus.MongoDb.Lanes;

/// <summary>
/// Sessions of a lane. It has two of its own: cursors are read on in the session that opened them, so the one for reads stays; the one for
/// writes is replaced after a network error, since the server may still be busy with the write that was lost, and would let the next one wait.
/// </summary>
internal sealed unsafe partial class LaneConnection
{
    private readonly HashSet<NativeSession> _sessions = [];
    private NativeSession? _reads;
    private NativeSession? _writes;
    private bool? _numbersWrites;

    /// <summary>Opens a session.</summary>
    public NativeSession StartSession(bool isCausal)
    {
        var options = LibMongoc.mongoc_session_opts_new();
        LibMongoc.mongoc_session_opts_set_causal_consistency(options, isCausal);
        var handle = LibMongoc.mongoc_client_start_session(Client(), options, _block.Error);
        LibMongoc.mongoc_session_opts_destroy(options);
        if (handle == 0)
            throw MongoErrors.Create(*_block.Error, BsonDocument.Empty);

        var identifier = LibMongoc.mongoc_client_session_get_lsid(handle);
        var id = new BsonDocument(new ReadOnlySpan<byte>(LibMongoc.bson_get_data(identifier), (int)identifier->Length).ToArray()).GetGuid("id"u8);
        var session = new NativeSession(handle, id, OptionElement(handle));
        _sessions.Add(session);
        return session;
    }

    /// <summary>Ends a session; a transaction that is under way is aborted, which asks the server.</summary>
    public void EndSession(NativeSession session)
    {
        if (session.IsEnded)
            return;

        session.IsEnded = true;
        _sessions.Remove(session);
        LibMongoc.mongoc_client_session_destroy(session.Handle);
    }

    /// <summary>Commits the session's transaction. libmongoc sends the commit a second time after a network error.</summary>
    public CommandReply Commit(NativeSession session)
    {
        if (session.StartsTransaction)
        {
            session.StartsTransaction = false;
            return default;
        }

        var ok = LibMongoc.mongoc_client_session_commit_transaction(session.Handle, _block.Reply, _block.Error);
        return TakeReply(ok);
    }

    /// <summary>Aborts the session's transaction. False if libmongoc was not told of it yet.</summary>
    public bool Abort(NativeSession session)
    {
        if (session.StartsTransaction)
        {
            session.StartsTransaction = false;
            return false;
        }

        // It fails only for a transaction in the wrong state; what the server says is of no consequence, since it aborts by itself.
        if (!LibMongoc.mongoc_client_session_abort_transaction(session.Handle, _block.Error))
            throw MongoErrors.Create(*_block.Error, BsonDocument.Empty);

        return true;
    }

    private void EndSessions()
    {
        foreach (var session in _sessions.ToArray())
            EndSession(session);
    }

    /// <summary>Begins the transaction that the session was asked to start, before its first command.</summary>
    private void BeginTransaction(NativeSession session)
    {
        const int primary = 1;
        var options = LibMongoc.mongoc_transaction_opts_new();
        var readConcern = LibMongoc.mongoc_read_concern_new();
        var writeConcern = LibMongoc.mongoc_write_concern_new();
        var readPreference = LibMongoc.mongoc_read_prefs_new(primary);
        LibMongoc.mongoc_read_concern_set_level(readConcern, "snapshot");
        LibMongoc.mongoc_write_concern_set_wmajority(writeConcern, 0);
        LibMongoc.mongoc_transaction_opts_set_read_concern(options, readConcern);
        LibMongoc.mongoc_transaction_opts_set_write_concern(options, writeConcern);
        LibMongoc.mongoc_transaction_opts_set_read_prefs(options, readPreference);
        var started = LibMongoc.mongoc_client_session_start_transaction(session.Handle, options, _block.Error);
        LibMongoc.mongoc_transaction_opts_destroy(options);
        LibMongoc.mongoc_read_concern_destroy(readConcern);
        LibMongoc.mongoc_write_concern_destroy(writeConcern);
        LibMongoc.mongoc_read_prefs_destroy(readPreference);
        if (!started)
            throw MongoErrors.Create(*_block.Error, BsonDocument.Empty, MongoLabels.TransientTransaction);

        session.StartsTransaction = false;
    }

    private NativeSession ReadSession() => _reads ??= StartSession(isCausal: false);

    private NativeSession WriteSession() => _writes ??= StartSession(isCausal: false);

    private bool NumbersWrites() => _clients.RetriesWrites && (_numbersWrites ??= TakesNumberedWrites());

    private void ReplaceWriteSession()
    {
        if (_writes is not null)
            EndSession(_writes);

        _writes = null;
        _numbersWrites = null;
    }

    /// <summary>Lets libmongoc write the option that names a session, and keeps the bytes of the element.</summary>
    private byte[] OptionElement(nint session)
    {
        LibMongoc.bson_init(_block.Options);
        try
        {
            if (!LibMongoc.mongoc_client_session_append(session, _block.Options, _block.Error))
                throw MongoErrors.Create(*_block.Error, BsonDocument.Empty);

            var document = new ReadOnlySpan<byte>(LibMongoc.bson_get_data(_block.Options), (int)_block.Options->Length);
            return document[sizeof(int)..^1].ToArray();
        }
        finally
        {
            LibMongoc.bson_destroy(_block.Options);
        }
    }
}
