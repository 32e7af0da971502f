using IotBus.MongoDb.Lanes;

namespace IotBus.MongoDb;

/// <summary>
/// A lane and the native session on it. Both go back when it is returned, or, if it is forgotten, when the garbage collector finds it: not
/// there and then, since the native session may be used by its lane's thread only, but by a call on that lane.
/// </summary>
internal sealed class SessionLease(LanePool lanes, Lane lane, NativeSession session) : IAsyncDisposable
{
    private int _returned;

    ~SessionLease() => _ = ReturnAsync();

    public Lane Lane => lane;

    public NativeSession Session => session;

    public static async Task<SessionLease> TakeAsync(LanePool lanes, CancellationToken cancellationToken)
    {
        var lane = await lanes.LeaseAsync(cancellationToken).ConfigureAwait(false);
        var started = false;
        try
        {
            var session = await lanes.RunAsync(StartSession, lane, release: null, cancellationToken).ConfigureAwait(false);
            started = true;
            return new SessionLease(lanes, lane, session);
        }
        finally
        {
            if (!started)
                lanes.Return(lane);
        }
    }

    /// <summary>
    /// Ends the session, behind the calls that are on their way, and gives the lane back. Waits for that, unless a call that was given up is
    /// among them.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        var isLate = lane.IsLate;
        var returning = ReturnAsync();
        if (!isLate)
            await returning.ConfigureAwait(false);
    }

    private async Task ReturnAsync()
    {
        if (Interlocked.Exchange(ref _returned, 1) != 0)
            return;

        try
        {
            await lanes.RunAsync(EndSession, lane, () => lanes.Return(lane), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is MongoException or ObjectDisposedException)
        {
            // A lane that is busy for too long ends the session later; a client that was disposed has ended it.
            Native.DriverLog.Note($"A session was not ended in time: {e.Message}");
        }
    }

    private static NativeSession StartSession(LaneConnection connection, LaneCall call)
    {
        var session = connection.StartSession(isCausal: true);
        if (call.IsAbandoned)
            connection.EndSession(session);

        return session;
    }

    private bool EndSession(LaneConnection connection, LaneCall call)
    {
        connection.EndSession(session);
        return true;
    }
}
