using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>
/// A member of a group in memory. <see cref="Run"/> hands messages to the workers of its partitions, which are those of production, and commits at once
/// what they have applied.
/// </summary>
internal sealed partial class InMemoryConsumerSession : IConsumerSession
{
    private const int IdleMilliseconds = 100;
    private const int PausedMilliseconds = 10;

    private readonly InMemoryKafka _kafka;
    private readonly TopicEndpoint _endpoint;
    private readonly TopicEndpointDefinition _definition;
    private readonly HashSet<string> _topics;
    private readonly TopicPatterns _patterns;
    private readonly ConcurrentDictionary<TopicPartition, PartitionWorker> _workers = new();
    private readonly AutoResetEvent _wake = new(initialState: true);
    private readonly Lock _waking = new();
    private long _layout = -1;
    private bool _disposed;

    /// <summary>Joins the group: what is produced from now on is consumed, wherever the endpoint begins.</summary>
    public InMemoryConsumerSession(InMemoryKafka kafka, TopicEndpoint endpoint)
    {
        _kafka = kafka;
        _endpoint = endpoint;
        _definition = endpoint.Definition;
        _topics = [.. _definition.Topics.Where(TopicName.IsValid)];
        _patterns = new TopicPatterns(_definition);
        MakeTopics();
        _kafka.Join(this, latest: _definition.AutoOffsetReset == AutoOffsetReset.Latest);
        _ = endpoint.StopRequested.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public ILogger Logger => _endpoint.Logger;

    public string Name => _definition.Name;

    public string Group => _definition.Group;

    public ICollection<PartitionWorker> Workers => _workers.Values;

    public bool Steady { get; private set; }

    /// <summary>Whether the endpoint takes this topic. A pattern leaves dead letters alone.</summary>
    public bool Consumes(string topic) => _topics.Contains(topic) || _patterns.Take(topic);

    /// <summary>Has the session look at once what there is to do. Any thread may call it.</summary>
    public void Wake()
    {
        lock (_waking)
        {
            if (!_disposed)
                _wake.Set();
        }
    }

    public void Run()
    {
        while (!_endpoint.Stopping)
        {
            _wake.WaitOne(_workers.Values.Any(worker => worker.Paused) ? PausedMilliseconds : IdleMilliseconds);
            _endpoint.Clock.Polled();
            _endpoint.Clock.Answered(TimeSpan.Zero);
            Rebalance();
            foreach (var (_, worker) in _workers)
            {
                worker.Flush();
                Deliver(worker);
            }
        }

        Drain([.. _workers.Values]);
    }

    public Task<TopicAssignment> DescribeAsync(TopicPartition partition, CancellationToken lost)
    {
        var topic = _kafka.Topic(partition.Topic);
        return Task.FromResult(new TopicAssignment
        {
            Topic = topic.Name,
            Partition = partition.Partition,
            TopicId = topic.Id,
            EndOffset = topic.End(partition.Partition),
            EndOffsetQuery = _ => Task.FromResult(topic.End(partition.Partition)),
            SessionTimeout = _definition.SessionTimeout,
            Lost = lost,
            Clock = _endpoint.Clock,
        });
    }

    public void Applied(int messages) => Wake();

    public void Store(TopicPartitionOffset next) => _kafka.Commit(this, next);

    public Task RefreshWatermarksAsync()
    {
        foreach (var (partition, worker) in _workers)
            worker.HeardOf(_kafka.Topic(partition.Topic).End(partition.Partition));

        return Task.CompletedTask;
    }

    public void Dispose()
    {
        foreach (var worker in _workers.Values)
            worker.End();

        _kafka.Leave(this);
        lock (_waking)
        {
            _disposed = true;
            _wake.Dispose();
        }
    }

    /// <summary>Here, not on the endpoint's thread: who produces after the start finds them as they are configured.</summary>
    private void MakeTopics()
    {
        var options = _definition.MissingTopics;
        foreach (var topic in _topics)
        {
            if (options is null)
            {
                _kafka.Topic(topic);
                continue;
            }

            _kafka.Topic(topic, options.NumPartitions);
            _kafka.Topic(_definition.DeadLetterTopic(topic), options.NumPartitions);
        }
    }

    private void Rebalance()
    {
        if (_kafka.Layout is var layout && layout == _layout)
            return;

        _layout = layout;
        var superfluous = _kafka.Superfluous(this);
        if (superfluous.Count > 0)
        {
            Drain([.. superfluous.Select(partition => _workers.GetValueOrDefault(partition)).OfType<PartitionWorker>()]);
            _kafka.Release(this, superfluous);
            KafkaMetrics.Rebalanced(Group, "revoked");
        }

        var assigned = _kafka.Assign(this);
        foreach (var (partition, position, committed) in assigned)
            Begin(partition, position, committed);

        if (assigned.Count > 0)
            KafkaMetrics.Rebalanced(Group, "assigned");

        Steady = true;
        _endpoint.HasJoined();
    }

    private void Begin(TopicPartition partition, long position, bool committed)
    {
        if (_endpoint.BeginOf(partition) is { } begin)
        {
            var end = _kafka.Topic(partition.Topic).End(partition.Partition);
            (position, committed) = (begin == Offset.End ? end : Math.Clamp(begin, 0, end), true);
            _kafka.Commit(this, new TopicPartitionOffset(partition, position));
            _endpoint.HasBegun(partition);
        }

        if (!committed && _definition.AutoOffsetReset == AutoOffsetReset.Error)
        {
            _endpoint.Subscription.Report("NoOffset", $"{partition.Topic}[{partition.Partition.Value}] has no committed offset, and AutoOffsetReset is Error.");
            return;
        }

        var worker = _endpoint.CreateWorker(this, partition);
        worker.BeginsAt(position);
        _workers[partition] = worker;
        worker.Start(Task.CompletedTask);
    }

    private void Deliver(PartitionWorker worker)
    {
        if (worker.Paused && worker.Exceeds((_definition.PrefetchCount / 2) + 1, (_definition.PrefetchBytes / 2) + 1))
            return;

        worker.Paused = false;
        var (topic, partition) = (_kafka.Topic(worker.Partition.Topic), worker.Partition.Partition.Value);

        // What was handed out begins where the partition did, and has no gaps.
        var next = worker.LastOffset >= 0 ? worker.LastOffset + 1 : worker.Position;
        while (topic.Read(partition, next++) is { } record)
        {
            worker.Append(record.ToResult());
            if (worker.Exceeds(_definition.PrefetchCount, _definition.PrefetchBytes))
            {
                worker.Paused = true;
                break;
            }
        }
    }

    /// <summary>Lets what is in flight end, commits it, and cancels what does not end within the bound.</summary>
    private void Drain(PartitionWorker[] workers)
    {
        if (!Task.WhenAll(workers.Select(worker => worker.DrainAsync())).Wait(_definition.ShutdownTimeout))
            LogNotDrained(Logger, Name, _definition.ShutdownTimeout.TotalSeconds);

        foreach (var worker in workers)
        {
            worker.Flush();
            worker.End();
            _workers.TryRemove(worker.Partition, out _);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Endpoint}: what was in flight did not end within {Seconds} s and is cancelled; it comes again.")]
    private static partial void LogNotDrained(ILogger logger, string endpoint, double seconds);
}
