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
    /// <param name="call">
    /// Once it is abandoned there is no second attempt: its caller may have gone on as if the write had ended, and somebody else may own by
    /// then what it writes.
    /// </param>
    /// <param name="deadline">After it no attempt is sent.</param>
    public BsonDocument Write(
        byte[] database, ReadOnlySpan<byte> command, NativeSession? session, bool isNumbered, LaneCall call, Deadline deadline = default)
    {
        Prepare(session);
        if (!MaySend(deadline))
            throw new MongoException(MongoFailure.Timeout, "The write was not sent: the time for it had passed before a server could take it.");

        var reply = Send(CommandKind.Write, database, command, session ?? WriteSession(), server: 0);
        if (reply.Error is { } first
            && isNumbered
            && (first.HasLabel(MongoLabels.RetryableWrite) || IsRepeatable(first))
            && MaySend(deadline)
            && !call.IsAbandoned)
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

    /// <summary>
    /// Whether there is time to send. The search for the primary comes first: it may take long, and it is not to happen between the answer
    /// and the sending. That none is found the sending itself tells.
    /// </summary>
    private bool MaySend(Deadline deadline)
    {
        if (!deadline.IsSet)
            return true;

        if (!deadline.HasPassed)
            FindPrimary();

        return !deadline.HasPassed;
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
