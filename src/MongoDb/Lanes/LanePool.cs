using IotBus.MongoDb.Native;

namespace IotBus.MongoDb.Lanes;

/// <summary>
/// Gives calls to lanes. At most <see cref="MongoClientOptions.MaxConnections"/> lanes serve all calls, at most
/// <see cref="MongoClientOptions.MaxSessions"/> more belong to sessions, and <see cref="MongoClientOptions.MaxStreams"/> to change streams. Lanes
/// are made when needed and stay.
/// </summary>
internal sealed class LanePool : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly MongoClientOptions _options;
    private readonly ClientPoolHandle _clients;
    private readonly List<Lane> _lanes = [];
    private readonly List<Lane> _free = [];
    private readonly Queue<LaneCall> _waiting = new();
    private readonly Queue<TaskCompletionSource<Lane>> _waitingSessions = new();
    private int _serving;
    private int _leased;
    private int _streaming;
    private bool _disposed;

    public LanePool(MongoClientOptions options)
    {
        MongoDriver.EnsureStarted();
        _options = options;
        _clients = ClientPoolHandle.Open(options);
    }

    public string? DefaultDatabase => _clients.DefaultDatabase;

    public TimeSpan SocketTimeout => _clients.SocketTimeout;

    /// <summary>Makes a call on any lane, or on a certain one: a session's, or the one whose server session a cursor belongs to.</summary>
    /// <param name="release">Runs once, when the call uses nothing any more, whatever became of it.</param>
    /// <exception cref="MongoException">The call failed, or took longer than <see cref="MongoClientOptions.OperationTimeout"/>.</exception>
    public async Task<T> RunAsync<T>(
        Func<LaneConnection, LaneCall, T> body, Lane? lane, Action? release, CancellationToken cancellationToken)
    {
        var call = new LaneCall<T>(body, release);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            Post(call, lane);
            return await call.Result.WaitAsync(_options.OperationTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new MongoException(MongoFailure.Timeout, $"MongoDB did not answer within {_options.OperationTimeout}.", inner: e);
        }
        finally
        {
            Settle(call, call.Result, lane);
        }
    }

    /// <summary>Takes a lane for a session, waiting for one if there must be.</summary>
    public async Task<Lane> LeaseAsync(CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource<Lane>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(MongoClient));
            _waitingSessions.Enqueue(waiter);
            Assign();
        }

        try
        {
            return await waiter.Task.WaitAsync(_options.OperationTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // It may have been given a lane at the same time: that one goes back.
            if (!waiter.TrySetCanceled(CancellationToken.None) && waiter.Task.IsCompletedSuccessfully)
                Return(await waiter.Task.ConfigureAwait(false));

            if (e is TimeoutException)
                throw new MongoException(MongoFailure.Timeout, $"All {_options.MaxSessions} sessions are in use.", inner: e);

            throw;
        }
    }

    /// <summary>Takes a lane for a change stream.</summary>
    /// <exception cref="MongoException">As many as may be are open.</exception>
    public Lane LeaseForStream()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(MongoClient));
            if (_streaming == _options.MaxStreams || TakeFree() is not { } lane)
                throw new MongoException(MongoFailure.Usage, $"All {_options.MaxStreams} change streams are in use.");

            lane.IsLeased = true;
            lane.ServesStream = true;
            lane.IsLate = false;
            _streaming++;
            return lane;
        }
    }

    /// <summary>Gives the lane of a session or a change stream back, after its last call.</summary>
    public void Return(Lane lane)
    {
        lock (_gate)
        {
            lane.IsLeased = false;
            if (lane.ServesStream)
                _streaming--;
            else
                _leased--;

            lane.ServesStream = false;
            if (lane.IsIdle)
                Free(lane);

            if (!_disposed)
                Assign();
        }
    }

    /// <summary>What a lane does next; blocks its thread until there is something. Null when it shall end.</summary>
    public LaneCall? Next(Lane lane)
    {
        while (true)
        {
            lock (_gate)
            {
                if (TakeAssigned(lane) is { } call)
                    return call;

                if (_disposed)
                    return null;

                if (!lane.IsIdle)
                {
                    lane.IsIdle = true;
                    Free(lane);
                    Assign();
                }
            }

            lane.WaitForWork();
        }
    }

    /// <summary>Refuses the calls that wait, lets those that run end, closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        var refused = new List<LaneCall>();
        Lane[] lanes;
        lock (_gate)
        {
            if (_disposed)
                return;

            _disposed = true;
            lanes = [.. _lanes];
            refused.AddRange(_waiting);
            foreach (var lane in lanes)
            {
                lane.Drain(refused);
                lane.Wake();
            }

            foreach (var session in _waitingSessions)
                session.TrySetException(Disposed());
        }

        foreach (var call in refused)
            call.Refuse(Disposed());

        await Task.WhenAll(lanes.Select(l => l.Ended)).ConfigureAwait(false);
        _clients.Dispose();
    }

    /// <summary>Gives a call up that has not ended, and notes whether its lane is late: calls of one lane end in their order.</summary>
    private static void Settle(LaneCall call, Task result, Lane? lane)
    {
        var mayRun = !result.IsCompleted && call.Abandon();
        if (lane is not null)
            lane.IsLate = mayRun || (lane.IsLate && !result.IsCompleted);
    }

    private static ObjectDisposedException Disposed() => new(nameof(MongoClient));

    private void Post(LaneCall call, Lane? lane)
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                if (lane is null)
                    _waiting.Enqueue(call);
                else
                    Give(lane, call);

                Assign();
                return;
            }
        }

        call.Refuse(Disposed());
    }

    /// <summary>The next call of a lane; first the one it serves for all, which then no longer counts once it comes back here.</summary>
    private LaneCall? TakeAssigned(Lane lane)
    {
        if (lane.Assigned is { } assigned)
        {
            lane.Assigned = null;
            return assigned;
        }

        if (lane.ServesAll)
        {
            lane.ServesAll = false;
            _serving--;
            if (lane.Calls.Count > 0 && !_disposed)
                Assign();
        }

        return lane.Calls.TryDequeue(out var call) ? call : null;
    }

    /// <summary>Gives what waits to lanes that are free; sessions first, since their callers hold locks on the server.</summary>
    private void Assign()
    {
        while (_leased < _options.MaxSessions && _waitingSessions.Count > 0 && TakeFree() is { } lane)
        {
            if (_waitingSessions.Dequeue().TrySetResult(lane))
            {
                lane.IsLeased = true;
                lane.IsLate = false;
                _leased++;
            }
            else if (lane.IsIdle)
            {
                Free(lane);
            }
        }

        while (_serving < _options.MaxConnections && _waiting.Count > 0 && TakeFree() is { } lane)
        {
            lane.ServesAll = true;
            lane.Assigned = _waiting.Dequeue();
            _serving++;
            Start(lane);
        }
    }

    private void Give(Lane lane, LaneCall call)
    {
        lane.Calls.Enqueue(call);
        Start(lane);
    }

    private void Start(Lane lane)
    {
        if (!lane.IsIdle)
            return;

        lane.IsIdle = false;
        _free.Remove(lane);
        lane.Wake();
    }

    /// <summary>A lane that has nothing to do and no owner: the last used one, whose connection is the freshest, or a new one.</summary>
    private Lane? TakeFree()
    {
        if (_free.Count > 0)
        {
            var lane = _free[^1];
            _free.RemoveAt(_free.Count - 1);
            return lane;
        }

        if (_lanes.Count == _options.MaxConnections + _options.MaxSessions + _options.MaxStreams)
            return null;

        var made = new Lane(this, _clients, _lanes.Count + 1);
        _lanes.Add(made);
        return made;
    }

    private void Free(Lane lane)
    {
        if (!lane.IsLeased)
            _free.Add(lane);
    }
}
