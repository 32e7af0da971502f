using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>
/// Applies the messages of one partition, from its assignment to its end. The poll thread writes, starts and ends it; the work itself runs
/// on the thread pool.
/// </summary>
#pragma warning disable CA1001 // Consumers may hold the token longer than the worker lives; without timers and wait handles there is nothing to free.
internal abstract class PartitionWorker
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly Lock _storing = new();
    private Task _running = Task.CompletedTask;
    private bool _ended;
    private bool _unstored;
    private int _buffered;
    private long _bufferedBytes;
    private long _position = Offset.Unset;
    private long _highWatermark = Offset.Unset;

    private readonly RetryBackoff _backoff;

    protected PartitionWorker(IConsumerSession session, TopicPartition partition, TopicEndpointDefinition definition)
    {
        Session = session;
        Partition = partition;
        Definition = definition;
        _backoff = new RetryBackoff(definition.RetryDelay, definition.MaxRetryDelay);
        Problem = new ProblemLog(
            session.Logger,
            $"{session.Name}, {partition.Topic}[{partition.Partition.Value}]",
            "It is tried again until it succeeds, and the partition waits.");
    }

    public IConsumerSession Session { get; }

    public TopicPartition Partition { get; }

    /// <summary>Messages that are held: they wait, or are in flight behind the window's begin.</summary>
    public int Buffered => Volatile.Read(ref _buffered);

    /// <summary>Ends with what is in flight, after <see cref="DrainAsync"/>. Never fails.</summary>
    public Task Running => _running;

    /// <summary>The last offset taken from the poll thread; negative before the first. The poll thread's alone.</summary>
    public long LastOffset { get; private set; } = Offset.Unset;

    /// <summary>The topic's identifier at the assignment; null before the broker has told it, and where it does not.</summary>
    public string? TopicId { get; protected set; }

    /// <summary>Whether the poll thread has paused the partition. It alone writes and decides by it.</summary>
    public bool Paused { get; set; }

    /// <summary>Whether something was tried in vain and is tried again: a batch, or a dead letter.</summary>
    public virtual bool Failing { get; protected set; }

    /// <summary>Whether the partition was stopped by a message that failed.</summary>
    public bool Halted { get; protected set; }

    /// <summary>Whether the worker met an error of its own and has stopped.</summary>
    public bool Broken { get; protected set; }

    /// <summary>The offset after the last one stored, or where the partition began; negative while unknown.</summary>
    public long Position
    {
        get => Interlocked.Read(ref _position);
        private set => Interlocked.Exchange(ref _position, value);
    }

    /// <summary>Messages that are being applied now.</summary>
    public virtual int InFlight => 0;

    /// <summary>Whether <see cref="Position"/> is of messages that were applied.</summary>
    public bool Stored { get; private set; }

    /// <summary>The partition's end as last heard of; negative while unknown.</summary>
    public long HighWatermark => Interlocked.Read(ref _highWatermark);

    /// <summary>Cancelled when the partition was lost, or given away, or did not end within the shutdown's bound.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Cancelled when no new batch may begin.</summary>
    protected CancellationToken Draining => _draining.Token;

    /// <param name="after">What must have ended before the first batch: a worker of the same partition.</param>
    public void Start(Task after) => _running = Task.Run(async () =>
    {
        // However the other ended: this one consumes the partition now.
        await after.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await RunAsync().ConfigureAwait(false);
    });

    /// <summary>Whether this offset was passed already. Never so on one topic: the client tries again below what it hands out.</summary>
    public bool IsBehind(long offset) => offset <= LastOffset;

    /// <summary>Whether so many messages or so many bytes are held.</summary>
    public bool Exceeds(int messages, long bytes) => Buffered >= messages || Interlocked.Read(ref _bufferedBytes) >= bytes;

    /// <summary>Takes a message from the poll thread.</summary>
    public void Append(ConsumeResult<byte[], byte[]> result)
    {
        LastOffset = result.Offset;
        Interlocked.Increment(ref _buffered);
        Interlocked.Add(ref _bufferedBytes, SizeOf(result));
        Accept(result);
    }

    /// <summary>Lets what is in flight end and nothing else begin.</summary>
    /// <returns>Ends when nothing is in flight.</returns>
    public Task DrainAsync()
    {
        Close();
        _ = _draining.CancelAsync();
        return _running;
    }

    /// <summary>Nothing is stored from now on, and what is in flight is cancelled.</summary>
    public void End()
    {
        lock (_storing)
            _ended = true;

        // Callbacks of consumers run elsewhere than on the poll thread.
        _ = _lost.CancelAsync();
        _ = DrainAsync();
    }

    public void HeardOf(long highWatermark)
    {
        if (highWatermark >= 0)
            Interlocked.Exchange(ref _highWatermark, highWatermark);
    }

    /// <summary>Where the partition begins, unless something is stored already.</summary>
    public void BeginsAt(long position) => Interlocked.CompareExchange(ref _position, position, Offset.Unset);

    protected TopicEndpointDefinition Definition { get; }

    /// <summary>What keeps the partition waiting.</summary>
    protected ProblemLog Problem { get; }

    protected abstract Task RunAsync();

    /// <summary>Tries until it succeeds. Null when the partition ended before.</summary>
    protected async Task<TResult?> UntilDoneAsync<TResult>(Func<Task<TResult>> attempt)
        where TResult : class
    {
        while (!Lost.IsCancellationRequested)
        {
            try
            {
                var result = await attempt().ConfigureAwait(false);
                Failing = false;
                _backoff.Reset();
                Problem.Over();
                return result;
            }
            catch (Exception exception) when (!Lost.IsCancellationRequested)
            {
                Failing = true;
                var text = $"{exception.GetType().Name}: {exception.Message}";
                Problem.Report(text, text, exception);
            }

            await Task.Delay(_backoff.Next(), Draining).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>Takes a message; called by the poll thread.</summary>
    protected abstract void Accept(ConsumeResult<byte[], byte[]> result);

    /// <summary>Nothing more is begun. Any thread may call it, and often.</summary>
    protected abstract void Close();

    /// <summary>So much is held no longer.</summary>
    protected void Release(int messages, long bytes)
    {
        Interlocked.Add(ref _buffered, -messages);
        Interlocked.Add(ref _bufferedBytes, -bytes);
    }

    protected static long SizeOf(ConsumeResult<byte[], byte[]> result) => (result.Message.Key?.Length ?? 0) + (result.Message.Value?.Length ?? 0);

    /// <summary>
    /// Notes the offset to go on from; the poll thread hands it to the client, which commits it within the checkpoint interval. Nothing
    /// happens once the partition has ended.
    /// </summary>
    protected void Store(long next, int messages)
    {
        // The lock keeps late work of an ended assignment from moving the offset of the next one.
        lock (_storing)
        {
            if (_ended)
                return;

            // Lanes that end at once may come here in another order.
            Position = Math.Max(next, Position);
            Stored = true;
            _unstored = true;
        }

        Session.Applied(messages);
    }

    /// <summary>Hands the client the offset to go on from, if there is a new one.</summary>
    public void Flush()
    {
        if (!Volatile.Read(ref _unstored))
            return;

        lock (_storing)
        {
            if (_ended)
                return;

            _unstored = false;
            Session.Store(new TopicPartitionOffset(Partition, Position));
        }
    }
}
