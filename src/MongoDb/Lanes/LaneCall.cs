using System.Diagnostics.CodeAnalysis;

namespace IotBus.MongoDb.Lanes;

/// <summary>A call that waits for a lane, is made there, or was given up by its caller.</summary>
internal abstract class LaneCall
{
    private const int Waiting = 0;
    private const int Running = 1;
    private const int Ended = 2;

    private readonly Action? _release;
    private int _state;
    private volatile bool _isAbandoned;

    /// <param name="release">Runs exactly once, when nothing uses what the call was given any more: buffers, for the most part.</param>
    protected LaneCall(Action? release) => _release = release;

    /// <summary>The caller does not wait any more. A call of several steps takes no further one.</summary>
    public bool IsAbandoned => _isAbandoned;

    /// <summary>Makes the call, on the lane's thread.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It is handed to the caller.")]
    public void Execute(LaneConnection connection)
    {
        if (Interlocked.CompareExchange(ref _state, Running, Waiting) != Waiting)
            return;

        try
        {
            Invoke(connection);
        }
        catch (Exception e)
        {
            Fail(e);
        }
        finally
        {
            _release?.Invoke();
        }
    }

    /// <summary>Ends a call that will not be made.</summary>
    public void Refuse(Exception reason)
    {
        if (Interlocked.CompareExchange(ref _state, Ended, Waiting) != Waiting)
            return;

        Fail(reason);
        _release?.Invoke();
    }

    /// <summary>The caller gives up: a waiting call is not made, a running one ends unheard.</summary>
    /// <returns>Whether it may still run.</returns>
    public virtual bool Abandon()
    {
        _isAbandoned = true;
        if (Interlocked.CompareExchange(ref _state, Ended, Waiting) != Waiting)
            return true;

        _release?.Invoke();
        return false;
    }

    protected abstract void Invoke(LaneConnection connection);

    protected abstract void Fail(Exception reason);
}

/// <summary>A call with a result.</summary>
internal sealed class LaneCall<T>(Func<LaneConnection, LaneCall, T> body, Action? release) : LaneCall(release)
{
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Result => _result.Task;

    public override bool Abandon()
    {
        // Nobody awaits the result, so its exception counts as seen.
        _result.Task.ContinueWith(
            static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return base.Abandon();
    }

    protected override void Invoke(LaneConnection connection) => _result.TrySetResult(body(connection, this));

    protected override void Fail(Exception reason) => _result.TrySetException(reason);
}
