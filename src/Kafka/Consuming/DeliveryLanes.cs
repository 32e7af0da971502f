namespace IotBus.Kafka;

/// <summary>
/// Works deliveries at once, as many as the limit allows, those of one key in their order and one at a time. With a limit of one, all of them
/// are worked in their order. Thread-safe.
/// </summary>
/// <param name="limit">How many at once, at least 1.</param>
/// <param name="work">Works one. Never fails.</param>
/// <param name="enter">Called before the first of a row, whose works share what it gives the flow of execution.</param>
internal sealed class DeliveryLanes(int limit, Func<TopicDelivery, Task> work, Action? enter = null) : IThreadPoolWorkItem
{
    private const int MaxSpareLanes = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<byte[], Lane> _lanes = new(ByteKeys.Instance);
    private readonly Queue<Lane> _ready = new();
    private readonly Stack<Lane> _spare = new();
    private readonly Lane? _only = limit == 1 ? new Lane() : null;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _runners;

    // One at a time: whoever begins sees whether there is work for another.
    private bool _starting;
    private bool _open;
    private bool _closed;

    /// <summary>Ends once they are closed and none is being worked.</summary>
    public Task Ended => _ended.Task;

    /// <summary>How many are being worked, or about to be.</summary>
    public int Running => Volatile.Read(ref _runners);

    /// <summary>Begins to work what was added, and what will be.</summary>
    public void Open()
    {
        lock (_lock)
        {
            _open = true;
            if (!TakeRunner())
                return;
        }

        Start();
    }

    /// <summary>Begins no other. What waits is dropped.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            if (_runners == 0)
                _ended.TrySetResult();
        }
    }

    public void Add(TopicDelivery delivery)
    {
        lock (_lock)
        {
            if (_closed)
                return;

            var lane = LaneOf(delivery);
            lane.Enqueue(delivery);
            if (lane.Busy)
                return;

            lane.Busy = true;
            _ready.Enqueue(lane);
            if (!TakeRunner())
                return;
        }

        Start();
    }

    void IThreadPoolWorkItem.Execute()
    {
        enter?.Invoke();
        _ = WorkAsync();
    }

    private void Start() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    /// <summary>Whether another runner is to be started: there is something for it to do, and none is about to do it.</summary>
    private bool TakeRunner()
    {
        if (_starting || !_open || _closed || _ready.Count == 0 || _runners >= limit)
            return false;

        _starting = true;
        _runners++;
        return true;
    }

    private async Task WorkAsync()
    {
        Lane? lane = null;
        while (Next(ref lane, out var delivery, out var another))
        {
            if (another)
                Start();

            await work(delivery).ConfigureAwait(false);
        }
    }

    /// <summary>Gives back the lane that was worked, and takes the next. False when there is none: the runner has ended.</summary>
    private bool Next(ref Lane? lane, out TopicDelivery delivery, out bool another)
    {
        lock (_lock)
        {
            if (lane is null)
                _starting = false;
            else
                GiveBack(lane);

            if (_closed || !_ready.TryDequeue(out lane))
            {
                (delivery, another) = (null!, false);
                if (--_runners == 0 && _closed)
                    _ended.TrySetResult();

                return false;
            }

            delivery = lane.Dequeue();
            another = TakeRunner();
            return true;
        }
    }

    private Lane LaneOf(TopicDelivery delivery)
    {
        if (_only is not null)
            return _only;

        // Messages without a key have no order among them.
        if (delivery.Result.Message.Key is not { } key)
            return Spare(null);

        if (!_lanes.TryGetValue(key, out var lane))
            _lanes.Add(key, lane = Spare(key));

        return lane;
    }

    private Lane Spare(byte[]? key)
    {
        if (!_spare.TryPop(out var lane))
            lane = new Lane();

        lane.Key = key;
        return lane;
    }

    private void GiveBack(Lane lane)
    {
        if (!lane.IsEmpty)
        {
            _ready.Enqueue(lane);
            return;
        }

        lane.Busy = false;
        if (lane == _only)
            return;

        if (lane.Key is { } key)
            _lanes.Remove(key);

        if (_spare.Count < MaxSpareLanes)
            _spare.Push(lane);
    }

    /// <summary>What waits for one key, in order.</summary>
    private sealed class Lane
    {
        private TopicDelivery? _first;
        private TopicDelivery? _last;

        public byte[]? Key { get; set; }

        /// <summary>Whether it is being worked, or is ready to be.</summary>
        public bool Busy { get; set; }

        public bool IsEmpty => _first is null;

        public void Enqueue(TopicDelivery delivery)
        {
            if (_last is null)
                _first = delivery;
            else
                _last.Next = delivery;

            _last = delivery;
        }

        public TopicDelivery Dequeue()
        {
            var first = _first!;
            _first = first.Next;
            first.Next = null;
            if (_first is null)
                _last = null;

            return first;
        }
    }

    private sealed class ByteKeys : IEqualityComparer<byte[]>
    {
        public static ByteKeys Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] key)
        {
            // Seeded anew in each process, so that no sender can choose keys that collide.
            var hash = default(HashCode);
            hash.AddBytes(key);
            return hash.ToHashCode();
        }
    }
}
