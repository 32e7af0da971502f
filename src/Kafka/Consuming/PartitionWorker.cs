using System.Threading.Channels;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>
/// Applies the messages of one partition, from its assignment to its end. The poll thread writes, starts and ends it; the work itself runs
/// on the thread pool, one batch at a time.
/// </summary>
#pragma warning disable CA1001 // Consumers may hold the token longer than the worker lives; without timers and wait handles there is nothing to free.
internal abstract class PartitionWorker
#pragma warning restore CA1001
{
    private readonly Channel<ConsumeResult<byte[], byte[]>> _buffer =
        Channel.CreateUnbounded<ConsumeResult<byte[], byte[]>>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly Lock _storing = new();
    private Task _running = Task.CompletedTask;
    private bool _ended;
    private int _buffered;
    private long _bufferedBytes;
    private long _position = Offset.Unset;
    private long _highWatermark = Offset.Unset;

    protected PartitionWorker(ConsumerSession session, TopicPartition partition)
    {
        Session = session;
        Partition = partition;
    }

    public ConsumerSession Session { get; }

    public TopicPartition Partition { get; }

    /// <summary>Messages that wait to be taken into a batch.</summary>
    public int Buffered => Volatile.Read(ref _buffered);

    /// <summary>Ends with what is in flight, after <see cref="DrainAsync"/>. Never fails.</summary>
    public Task Running => _running;

    /// <summary>The last offset taken from the poll thread; negative before the first. The poll thread's alone.</summary>
    public long LastOffset { get; private set; } = Offset.Unset;

    /// <summary>The topic's identifier at the assignment; null before the broker has told it, and where it does not.</summary>
    public string? TopicId { get; protected set; }

    /// <summary>Whether the poll thread has paused the partition. It alone writes and decides by it.</summary>
    public bool Paused { get; set; }

    /// <summary>Whether the last try of the current batch failed.</summary>
    public bool Failing { get; protected set; }

    /// <summary>Whether the worker met an error of its own and has stopped.</summary>
    public bool Broken { get; protected set; }

    /// <summary>The offset after the last one stored, or where the partition began; negative while unknown.</summary>
    public long Position
    {
        get => Interlocked.Read(ref _position);
        private set => Interlocked.Exchange(ref _position, value);
    }

    /// <summary>Whether <see cref="Position"/> is of a batch that was applied.</summary>
    public bool Stored { get; private set; }

    /// <summary>The partition's end as last heard of; negative while unknown.</summary>
    public long HighWatermark => Interlocked.Read(ref _highWatermark);

    /// <summary>Cancelled when the partition was lost, or given away, or did not end within the shutdown's bound.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Cancelled when no new batch may begin.</summary>
    protected CancellationToken Draining => _draining.Token;

    protected ChannelReader<ConsumeResult<byte[], byte[]>> Buffer => _buffer.Reader;

    /// <param name="after">What must have ended before the first batch: a worker of the same partition.</param>
    public void Start(Task after) => _running = Task.Run(async () =>
    {
        await after.ConfigureAwait(false);
        await RunAsync().ConfigureAwait(false);
    });

    /// <summary>Whether this offset was passed already. Never so on one topic: the client tries again below what it hands out.</summary>
    public bool IsBehind(long offset) => offset <= LastOffset;

    /// <summary>Whether so many messages or so many bytes wait to be taken into a batch.</summary>
    public bool Exceeds(int messages, long bytes) => Buffered >= messages || Interlocked.Read(ref _bufferedBytes) >= bytes;

    /// <summary>Takes a message from the poll thread.</summary>
    public void Append(ConsumeResult<byte[], byte[]> result)
    {
        LastOffset = result.Offset;
        Interlocked.Increment(ref _buffered);
        Interlocked.Add(ref _bufferedBytes, SizeOf(result));
        _buffer.Writer.TryWrite(result);
    }

    /// <summary>Lets the batch in flight end and no other begin.</summary>
    /// <returns>Ends when nothing is in flight.</returns>
    public Task DrainAsync()
    {
        _buffer.Writer.TryComplete();
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

    protected abstract Task RunAsync();

    /// <summary>Takes messages out of the buffer, as many as there are and fit.</summary>
    protected int Take(ConsumeResult<byte[], byte[]>[] into)
    {
        var count = 0;
        var bytes = 0L;
        while (count < into.Length && _buffer.Reader.TryRead(out var result))
        {
            into[count++] = result;
            bytes += SizeOf(result);
        }

        Interlocked.Add(ref _buffered, -count);
        Interlocked.Add(ref _bufferedBytes, -bytes);
        return count;
    }

    private static long SizeOf(ConsumeResult<byte[], byte[]> result) => (result.Message.Key?.Length ?? 0) + (result.Message.Value?.Length ?? 0);

    /// <summary>
    /// Stores the offset to go on from; it is committed within the checkpoint interval. Nothing happens once the partition has ended.
    /// </summary>
    protected void Store(long next)
    {
        // The lock keeps a late batch of an ended assignment from moving the offset of the next one.
        lock (_storing)
        {
            if (_ended)
                return;

            Session.Store(new TopicPartitionOffset(Partition, next));
            Position = next;
            Stored = true;
        }
    }
}
