namespace IotBus.MongoDb.Lanes;

/// <summary>Commands with the second attempts that MongoDB's retryable reads and writes specifications ask for.</summary>
internal sealed unsafe partial class LaneConnection
{
    /// <summary>Sends a command to the primary, once.</summary>
    public BsonDocument Run(byte[] database, ReadOnlySpan<byte> command, NativeSession? session, CommandKind kind = CommandKind.Raw)
    {
        Prepare(session);
        var reply = Send(kind, database, command, session ?? ReadSession(), server: 0);
        return reply.Error is null ? reply.Document : throw reply.Error;
    }

    /// <summary>Sends a command that reads; again, if the first attempt met a lost connection or a server that is none any more.</summary>
    /// <param name="session">A session, or null for the lane's own.</param>
    /// <param name="mayRepeat">False in a transaction, for a cursor's next batch, and for what also writes.</param>
    /// <param name="mayChoose">Whether the URI's read preference decides. False in a transaction, which has its server.</param>
    /// <param name="server">The server to ask, or 0. Afterwards the one that was asked.</param>
    public BsonDocument Read(
        byte[] database, ReadOnlySpan<byte> command, NativeSession? session, bool mayRepeat, bool mayChoose, ref uint server)
    {
        var isPinned = server != 0 || !mayChoose;
        Prepare(session);
        for (var attempt = 1; ; attempt++)
        {
            if (!isPinned)
                server = ChooseServer();

            var reply = Send(CommandKind.Read, database, command, session ?? ReadSession(), server);
            if (reply.Error is null)
                return reply.Document;

            if (attempt > 1 || !mayRepeat || !_clients.RetriesReads || !IsRepeatable(reply.Error))
                throw reply.Error;
        }
    }

    /// <summary>
    /// The number to put into a write (<c>txnNumber</c>) so that it may be sent twice and has one effect; null where it has none: in a
    /// session, and on a server that is no member of a replica set.
    /// </summary>
    public long? NumberWrite(NativeSession? session)
    {
        if (session is not null || !NumbersWrites())
            return null;

        return WriteSession().NextWriteNumber();
    }

    /// <summary>Sends a write, and a numbered one again if the first attempt met a lost connection or a primary that is none any more.</summary>
    public BsonDocument Write(byte[] database, ReadOnlySpan<byte> command, NativeSession? session, bool isNumbered)
    {
        Prepare(session);
        var reply = Send(CommandKind.Write, database, command, session ?? WriteSession(), server: 0);
        if (reply.Error is { } first && isNumbered && (first.HasLabel(MongoLabels.RetryableWrite) || IsRepeatable(first)))
        {
            reply = Send(CommandKind.Write, database, command, session ?? WriteSession(), server: 0);

            // That no server was found for the second attempt would read as if nothing had been sent.
            if (reply.Error is { Failure: MongoFailure.ServerSelection })
                reply = new CommandReply(BsonDocument.Empty, first);
        }

        if (reply.Error is null)
            return reply.Document;

        if (session is null && reply.Error.Failure is MongoFailure.Network)
            ReplaceWriteSession();

        throw reply.Error;
    }

    private static bool IsRepeatable(MongoException error) =>
        error.Failure is MongoFailure.Network || MongoCodes.IsRetryable(error.Code);

    private void Prepare(NativeSession? session)
    {
        if (session is null)
            return;

        ObjectDisposedException.ThrowIf(session.IsEnded, typeof(MongoSession));
        if (session.StartsTransaction)
            BeginTransaction(session);
    }
}
