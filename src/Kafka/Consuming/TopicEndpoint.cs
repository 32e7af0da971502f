using System.Collections.Concurrent;
using Confluent.Kafka;
using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>A member of a group that consumes topics, from the start of the bus to its stop.</summary>
internal sealed partial class TopicEndpoint
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly KafkaRider _rider;
    private readonly Func<IConsumerSession, TopicPartition, PartitionWorker> _createWorker;
    private readonly HealthReceiveEndpoint _receiveEndpoint;
    private readonly ConcurrentDictionary<TopicPartition, bool> _begun = new();
    private TaskCompletionSource _stop = new();
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _stopped;
    private bool _hasJoined;
    private volatile IConsumerSession? _session;

    public TopicEndpoint(
        KafkaRider rider,
        IBusInstance bus,
        TopicEndpointDefinition definition,
        Func<IConsumerSession, TopicPartition, PartitionWorker> createWorker)
    {
        _rider = rider;
        _createWorker = createWorker;
        Definition = definition;
        Logger = rider.Loggers.CreateLogger<TopicEndpoint>();
        Clock = new PollClock(definition.SessionTimeout / 2, ConsumerSettings.HeartbeatInterval(definition) + ConsumerSettings.StatisticsInterval);
        Connection = new ProblemLog(Logger, definition.Name, "It is tried again and again.");
        Client = new ProblemLog(Logger, definition.Name, "Another consumer is made, again and again.");
        Commits = new ProblemLog(Logger, definition.Name, "What is applied stays so; it is tried again with the next offset.");
        Subscription = new ProblemLog(Logger, definition.Name, "It is tried again and again.");
        _receiveEndpoint = new HealthReceiveEndpoint(
            bus.Bus,
            KafkaAddress.OfEndpoint(bus.HostConfiguration.HostAddress, definition.Topics, definition.Group));
    }

    public TopicEndpointDefinition Definition { get; }

    /// <summary>By which its consumers get what an outbox has kept for them; null if they take batches.</summary>
    public StoredDispatch? Stored { get; init; }

    public ILogger Logger { get; }

    /// <summary>Whether the brokers are reached and the group is joined.</summary>
    public ProblemLog Connection { get; }

    /// <summary>Whether there is a client that can go on.</summary>
    public ProblemLog Client { get; }

    /// <summary>Whether the topics are there and may be read.</summary>
    public ProblemLog Subscription { get; }

    /// <summary>Whether offsets are committed.</summary>
    public ProblemLog Commits { get; }

    public PollClock Clock { get; }

    /// <summary>Ends when the group was joined for the first time.</summary>
    public Task Joined => _joined.Task;

    public IReceiveEndpoint ReceiveEndpoint => _receiveEndpoint;

    /// <summary>Whether the poll thread is to end.</summary>
    public bool Stopping => _stop.Task.IsCompleted;

    /// <summary>Ends when the poll thread is to end.</summary>
    public Task StopRequested => _stop.Task;

    /// <summary>
    /// The client that consumes now; null before the start, after the stop, and between a client that failed and the next.
    /// </summary>
    public IConsumerSession? Session => _session;

    /// <exception cref="InvalidOperationException">librdkafka refuses a setting; the message names it.</exception>
    public void Start()
    {
        // What fails here leaves nothing to stop.
        var session = NewSession();
        _stop = new TaskCompletionSource();
        _stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _begun.Clear();
        Stored?.Start();
        new Thread(() => Run(session)) { IsBackground = true, Name = $"kafka {Definition.Group}" }.Start();
        KafkaMetrics.Observe(this);
    }

    /// <summary>Ends when the batches in flight are applied and committed, or the bounds for that have passed.</summary>
    public async Task StopAsync()
    {
        if (_stopped is not { } stopped)
            return;

        _stop.TrySetResult();
        KafkaMetrics.Forget(this);
        var stored = Stored?.StopAsync() ?? Task.CompletedTask;
        try
        {
            await Task.WhenAll(stopped.Task, stored).WaitAsync(Definition.ShutdownTimeout + CloseTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Closing waits for the broker, which does not answer. The process can end without it: nothing but a commit is missing.
            LogNotStopped(Logger, Definition.Name);
        }
    }

    /// <summary>It is stopped for good: who waits for its joining waits in vain.</summary>
    public void Retire() => _joined.TrySetException(new OperationCanceledException($"{Definition.Name} was stopped before it had joined its group."));

    /// <summary>The group gave this member its partitions, or none.</summary>
    public void HasJoined()
    {
        _hasJoined = true;
        Client.Over();
        _joined.TrySetResult();
    }

    /// <summary>Where a partition begins that was just assigned; null for where the group is.</summary>
    public long? BeginOf(TopicPartition partition)
    {
        if (Definition.Offset is not { } offset || _begun.ContainsKey(partition))
            return null;

        // To begin at the end a second time would leave out what came meanwhile.
        if (offset == Offset.End)
            HasBegun(partition);

        return offset;
    }

    /// <summary>The group has an offset of this member, to go on from if the partition comes back. Thread-safe.</summary>
    public void HasBegun(TopicPartition partition)
    {
        if (Definition.Offset is not null)
            _begun.TryAdd(partition, true);
    }

    public PartitionWorker CreateWorker(IConsumerSession session, TopicPartition partition) => _createWorker(session, partition);

    public EndpointHealthResult CheckHealth()
    {
        var session = _session;
        if (session is null)
            return EndpointHealthResult.Unhealthy(_receiveEndpoint, "stopped", null);

        var workers = session.Workers;
        if (workers.Any(worker => worker.Broken))
            return EndpointHealthResult.Unhealthy(_receiveEndpoint, "a partition's worker failed", null);

        if ((Connection.Current ?? Client.Current ?? Subscription.Current ?? Commits.Current) is { } problem)
            return EndpointHealthResult.Unhealthy(_receiveEndpoint, problem, null);

        if (workers.FirstOrDefault(worker => worker.Halted) is { } halted)
            return EndpointHealthResult.Degraded(_receiveEndpoint, $"{halted.Partition.Topic}[{halted.Partition.Partition.Value}] stopped at a message that failed");

        if (!session.Steady)
            return EndpointHealthResult.Degraded(_receiveEndpoint, "joining the group");

        return workers.Any(worker => worker.Failing)
            ? EndpointHealthResult.Degraded(_receiveEndpoint, "messages fail and are tried again")
            : EndpointHealthResult.Healthy(_receiveEndpoint, "consuming");
    }

    private void Run(IConsumerSession session)
    {
        EnsureTopics();
        var backoff = new RetryBackoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));
        for (IConsumerSession? next = session; ; next = TryNewSession())
        {
            _hasJoined = false;
            if (next is not null)
                Consume(next);

            // One that had consumed has not failed again and again.
            if (_hasJoined)
                backoff.Reset();

            if (_stop.Task.Wait(backoff.Next()))
                break;
        }

        _stopped!.SetResult();
    }

    private void Consume(IConsumerSession session)
    {
        _session = session;
        try
        {
            using (session)
                session.Run();
        }
        catch (Exception exception)
        {
            // Nothing may end the poll thread but the stop. What the client had taken comes again.
            Client.Report(exception.GetType().Name, $"The consumer failed: {exception.Message}", exception);
        }

        // A client that met a fatal error cannot go on: another does.
        _session = null;
    }

    /// <summary>Null when none could be made: what the settings name may have gone meanwhile, such as a certificate's file.</summary>
    private IConsumerSession? TryNewSession()
    {
        try
        {
            return NewSession();
        }
        catch (Exception exception)
        {
            Client.Report(exception.GetType().Name, $"No consumer could be made: {exception.Message}", exception);
            return null;
        }
    }

    /// <summary>Makes missing topics, if the endpoint shall. Waits for the brokers, for as long as it takes.</summary>
    private void EnsureTopics()
    {
        if (Definition.MissingTopics is not { } options)
            return;

        var backoff = new RetryBackoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));
        do
        {
            try
            {
                foreach (var topic in Definition.Topics.Where(TopicName.IsValid))
                {
                    Ensure(topic, options, options.Configuration);
                    Ensure(Definition.DeadLetterTopic(topic), options, options.DeadLetterConfiguration);
                }

                Subscription.Over();
                return;
            }
            catch (Exception exception)
            {
                // The consumer itself cannot do more without them.
                Subscription.Report(exception.GetType().Name, $"Its topics could not be made: {exception.Message}", exception);
            }
        }
        while (!_stop.Task.Wait(backoff.Next()));
    }

    // The poll thread is the endpoint's own, and has nothing else to do yet.
    private void Ensure(string topic, KafkaTopicOptions options, IDictionary<string, string> configuration) => _rider.Cluster.Administration.CreateIfMissingAsync(
        new TopicDefinition(topic, options.NumPartitions)
        {
            Replication = options.ReplicationFactor,
            Configuration = new Dictionary<string, string>(configuration),
        }).GetAwaiter().GetResult();

    private IConsumerSession NewSession() => _rider.Cluster.CreateSession(this);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Endpoint}: the consumer did not close in time; its last offsets may not be committed.")]
    private static partial void LogNotStopped(ILogger logger, string endpoint);
}
