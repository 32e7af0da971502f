using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using IotBus.MongoDb.Native;

namespace IotBus.MongoDb.Lanes;

/// <summary>A thread that makes calls to the server, one after the other, over a connection of its own. Its pool decides what it does next.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Its thread disposes of the connection.")]
internal sealed class Lane
{
    private const int StackSize = 1024 * 1024;

    private readonly LanePool _pool;
    private readonly LaneConnection _connection;
    private readonly object _signal = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isWoken;
    private volatile bool _isLate;

    public Lane(LanePool pool, ClientPoolHandle clients, int number)
    {
        _pool = pool;
        _connection = new LaneConnection(clients) { Lane = this };
        new Thread(Run, StackSize) { IsBackground = true, Name = $"mongodb lane {number}" }.Start();
    }

    /// <summary>Ends when the thread has closed its connection.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Calls for this lane alone. Guarded by the pool.</summary>
    public Queue<LaneCall> Calls { get; } = new();

    /// <summary>The call for all that it was given and has not begun. Guarded by the pool.</summary>
    public LaneCall? Assigned { get; set; }

    /// <summary>Its thread waits for work. Guarded by the pool.</summary>
    public bool IsIdle { get; set; }

    /// <summary>It makes a call that counts against the connections for all. Guarded by the pool.</summary>
    public bool ServesAll { get; set; }

    /// <summary>A session or a change stream has it. Guarded by the pool.</summary>
    public bool IsLeased { get; set; }

    /// <summary>A change stream has it. Guarded by the pool.</summary>
    public bool ServesStream { get; set; }

    /// <summary>
    /// A call on it was given up and may still run, so what is asked of it next may have to wait for long.
    /// </summary>
    public bool IsLate
    {
        get => _isLate;
        set => _isLate = value;
    }

    public void Wake()
    {
        lock (_signal)
        {
            _isWoken = true;
            Monitor.Pulse(_signal);
        }
    }

    /// <summary>Blocks the lane's thread until it is woken.</summary>
    public void WaitForWork()
    {
        lock (_signal)
        {
            while (!_isWoken)
                Monitor.Wait(_signal);

            _isWoken = false;
        }
    }

    /// <summary>Takes away the calls that have not begun. Guarded by the pool.</summary>
    public void Drain(List<LaneCall> calls)
    {
        if (Assigned is { } assigned)
            calls.Add(assigned);

        Assigned = null;
        calls.AddRange(Calls);
        Calls.Clear();
    }

    private void Run()
    {
        try
        {
            while (RunNext())
            {
                // The next call, until the pool says that there will be none.
            }

            _connection.Dispose();
        }
        finally
        {
            _ended.SetResult();
        }
    }

    /// <remarks>
    /// A frame of its own: a lane that waits must not hold its last call, and with it what that holds, such as a session that nobody else
    /// knows any more.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool RunNext()
    {
        if (_pool.Next(this) is not { } call)
            return false;

        call.Execute(_connection);
        return true;
    }
}
