using System.Diagnostics;

namespace IotBus.Bench.Soak;

/// <summary>
/// A producer at a steady rate, two groups that consume it all (one by batches, one message by message), and every 20 s a kill in each.
/// </summary>
internal sealed class SoakRun : IAsyncDisposable
{
    public const int Partitions = 3;

    /// <summary>How long the producer waits for more messages of a batch. Larger batches compress better, and the embedded broker keeps bytes.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(50);

    // How far the producer may be ahead of what is committed, in messages of a partition: about half of what the embedded broker was measured to keep.
    private const long AheadOfEmbedded = 50_000;
    private const long AheadOfReal = 1_000_000;
    private const int Members = 3;

    private static readonly string[] Kinds = [SoakConsumer.Batches, SoakConsumer.Messages];
    private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KillInterval = TimeSpan.FromSeconds(20);

    // A report may be on its way when its offset is committed already.
    private static readonly TimeSpan ReportDelay = TimeSpan.FromSeconds(2);

    // What is missing after so long without progress is lost. Rebalances are far shorter.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly SoakLedger _ledger = new(Kinds, Partitions);
    private readonly SoakMemory _memory = new();
    private readonly Queue<(TimeSpan At, int Group, long[] Next)> _committed = new();
    private readonly TimeSpan _duration;
    private readonly GroupOffsets _offsets;
    private readonly SoakGroup[] _groups;
    private readonly SoakProcess _producer;
    private long _started;
    private int _kills;

    public SoakRun(SoakBroker broker, string topic, string keys, int rate, TimeSpan duration)
    {
        _duration = duration;
        _offsets = new GroupOffsets(broker.BootstrapServers, topic, Partitions);

        // Real brokers take 6 s at the least, unless they are told otherwise.
        var session = TimeSpan.FromSeconds(broker.IsEmbedded ? 2 : 6);
        _groups = [.. Kinds.Select((kind, group) => new SoakGroup(
            () => new SoakProcess(SoakConsumer.Start(broker.BootstrapServers, topic, kind, session), report => _ledger.Seen(group, report)), Members))];
        _producer = new SoakProcess(
            SoakProducer.Start(broker.BootstrapServers, topic, keys, rate, duration, broker.IsEmbedded ? AheadOfEmbedded : AheadOfReal),
            _ledger.Acknowledged,
            mayEnd: true);
    }

    /// <summary>Runs until all is consumed, or nothing more comes.</summary>
    public async Task<SoakResult> RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(AskInterval);
        await ProducingStartedAsync(timer, cancellationToken);
        var (sample, kill) = (TimeSpan.Zero, KillInterval);
        while (!_producer.Ended.IsCompleted)
        {
            await AskAsync(timer, cancellationToken);
            if (Elapsed >= sample)
            {
                Sample();
                sample += SampleInterval;
            }

            if (Elapsed >= kill && Elapsed < _duration)
            {
                foreach (var group in _groups)
                    await group.KillOneAsync();

                _kills += _groups.Length;
                kill += KillInterval;
                await TellAsync();
            }
        }

        await _producer.Ended;
        var producing = Elapsed;
        await ConsumeRestAsync(timer, cancellationToken);
        return new SoakResult(
            _ledger.Produced, producing, _kills, [.. Kinds.Select((_, group) => _ledger.TotalsOf(group))], _memory.SlopesFrom(_duration / 2));
    }

    public async ValueTask DisposeAsync()
    {
        await _producer.DisposeAsync();
        foreach (var group in _groups)
            await group.DisposeAsync();

        _offsets.Dispose();
    }

    private TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    private async Task ProducingStartedAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        while (_ledger.Produced == 0 && !_producer.Ended.IsCompleted)
            await timer.WaitForNextTickAsync(cancellationToken);

        _started = Stopwatch.GetTimestamp();
    }

    private async Task ConsumeRestAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        var (seen, since) = (_ledger.SeenByAll, Elapsed);
        while (seen < _ledger.Produced && Elapsed - since < Patience)
        {
            await AskAsync(timer, cancellationToken);
            if (_ledger.SeenByAll != seen)
                (seen, since) = (_ledger.SeenByAll, Elapsed);
        }

        await TellAsync();
    }

    /// <summary>Asks what is committed, for the ledger and for the producer.</summary>
    private async Task AskAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        await timer.WaitForNextTickAsync(cancellationToken);
        var needed = Enumerable.Repeat(long.MaxValue, Partitions).ToArray();
        for (var group = 0; group < _groups.Length; group++)
        {
            if (_groups[group].Failure is { IsCompleted: true } failure)
                await failure;

            var committed = await _offsets.CommittedAsync(Kinds[group]);
            _committed.Enqueue((Elapsed, group, committed));
            for (var partition = 0; partition < Partitions; partition++)
                needed[partition] = Math.Min(needed[partition], committed[partition]);
        }

        while (_committed.TryPeek(out var heard) && Elapsed - heard.At > ReportDelay)
            _ledger.Committed(_committed.Dequeue().Group, heard.Next);

        _offsets.RequireKept(needed);
        await _producer.WriteLineAsync(string.Join(' ', needed), cancellationToken);
    }

    private void Sample()
    {
        _memory.Add("producer", Elapsed, _producer);
        for (var group = 0; group < _groups.Length; group++)
            _memory.Add(Kinds[group], Elapsed, _groups[group].LongLived);
    }

    private Task TellAsync() => Console.Error.WriteLineAsync(
        $"  {Elapsed.TotalSeconds:0} s: {_ledger.Produced:N0} produced, {_ledger.SeenByAll:N0} seen by both groups, {_kills} killed; {_memory}");
}
