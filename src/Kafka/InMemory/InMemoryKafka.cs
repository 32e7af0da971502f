using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>
/// Kafka in the memory of the process, for tests: topics with partitions, consumer groups with offsets. A rider whose container holds one uses it in
/// place of brokers, with the registration that it has in production. Several riders, and hosts, that hold the same one share its topics and groups; what
/// is on it outlives them. Thread-safe.
/// </summary>
public sealed class InMemoryKafka : ITopicAdministration
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, InMemoryTopic> _topics = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, InMemoryGroup> _groups = new(StringComparer.Ordinal);
    private readonly List<InMemoryConsumerSession> _sessions = [];
    private readonly InMemoryKafkaOptions _options = new();
    private TaskCompletionSource? _changed;
    private long _layout;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public InMemoryKafka(Action<InMemoryKafkaOptions>? configure = null)
    {
        configure?.Invoke(_options);
        _options.Validate();
    }

    /// <summary>The topics that there are.</summary>
    public IReadOnlyCollection<InMemoryTopic> Topics
    {
        get
        {
            lock (_lock)
                return [.. _topics.Values];
        }
    }

    /// <summary>A topic; made with <see cref="InMemoryKafkaOptions.PartitionsPerTopic"/> when there is none.</summary>
    /// <exception cref="ArgumentException">It is no topic name.</exception>
    public InMemoryTopic Topic(string name) => Topic(name, _options.PartitionsPerTopic);

    /// <summary>A topic; made with so many partitions when there is none. One that is there stays as it is.</summary>
    /// <exception cref="ArgumentException">It is no topic name, or not 1 to 1,000 partitions.</exception>
    public InMemoryTopic Topic(string name, int partitions)
    {
        if (!TopicName.IsValid(name))
            throw new ArgumentException($"'{name}' is no topic name: use 1 to 249 letters, digits, dots, hyphens or underscores.", nameof(name));

        if (partitions is < 1 or > InMemoryTopic.MostPartitions)
            throw new ArgumentOutOfRangeException(nameof(partitions), partitions, $"A topic has 1 to {InMemoryTopic.MostPartitions:N0} partitions.");

        InMemoryTopic topic;
        lock (_lock)
        {
            if (_topics.TryGetValue(name, out var found))
                return found;

            _topics[name] = topic = new InMemoryTopic(this, name, partitions);
            _layout++;
        }

        Changed();
        return topic;
    }

    /// <summary>The offset that a group goes on from; null when it has committed none.</summary>
    public long? Committed(string group, string topic, int partition = 0)
    {
        lock (_lock)
            return _groups.GetValueOrDefault(group)?.Committed(new TopicPartition(topic, partition));
    }

    /// <summary>
    /// Returns once every group that consumes has committed all that is on its topics, what its consumers produce meanwhile included. A message is done when it
    /// was applied, put aside or passed over; one that is retried, or waits for its redelivery, is not.
    /// </summary>
    /// <param name="timeout">How long that may take; <see cref="InMemoryKafkaOptions.Timeout"/> when null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">It took longer; the message says what is left.</exception>
    public async Task WhenConsumedAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var bound = timeout ?? _options.Timeout;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(bound);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (!Left().Any())
                    return;

                changed = (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            try
            {
                await changed.WaitAsync(deadline.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                string left;
                lock (_lock)
                    left = string.Join("; ", Left());

                if (left.Length > 0)
                    throw new TimeoutException($"Not all was consumed within {bound.TotalSeconds:0.###} s: {left}.", exception);
            }
        }
    }

    public Task<TopicInfo> CreateIfMissingAsync(TopicDefinition topic, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return Task.FromResult(Info(Topic(topic.Name, topic.Partitions)));
    }

    public Task<TopicInfo?> DescribeAsync(string topic, CancellationToken cancellationToken = default)
    {
        lock (_lock)
            return Task.FromResult(_topics.TryGetValue(topic, out var found) ? Info(found) : null);
    }

    /// <summary>Another number whenever members may have to share their partitions otherwise.</summary>
    internal long Layout => Interlocked.Read(ref _layout);

    internal void Join(InMemoryConsumerSession session, bool latest)
    {
        lock (_lock)
        {
            _sessions.Add(session);
            if (!_groups.TryGetValue(session.Group, out var group))
                _groups[session.Group] = group = new InMemoryGroup(session.Group);

            group.Join(session, latest ? Ends(session) : []);
            _layout++;
        }

        Changed();
    }

    internal void Leave(InMemoryConsumerSession session)
    {
        lock (_lock)
        {
            _sessions.Remove(session);
            _groups[session.Group].Leave(session);
            _layout++;
        }

        Changed();
    }

    /// <summary>The partitions that the session is to give away.</summary>
    internal List<TopicPartition> Superfluous(InMemoryConsumerSession session)
    {
        lock (_lock)
            return _groups[session.Group].Superfluous(session, _topics.Values);
    }

    /// <summary>The partitions that the session has from now on, beside those it had, and where it begins them.</summary>
    internal List<(TopicPartition Partition, long Position, bool Committed)> Assign(InMemoryConsumerSession session)
    {
        lock (_lock)
        {
            var group = _groups[session.Group];
            return [.. group.Assign(session, _topics.Values).Select(partition => (partition, group.Position(partition), group.Committed(partition) is not null))];
        }
    }

    internal void Release(InMemoryConsumerSession session, IEnumerable<TopicPartition> partitions)
    {
        lock (_lock)
        {
            _groups[session.Group].Release(partitions);
            _layout++;
        }

        Changed();
    }

    internal void Commit(InMemoryConsumerSession session, TopicPartitionOffset next)
    {
        TaskCompletionSource? changed;
        lock (_lock)
        {
            _groups[session.Group].Commit(session, next);
            changed = Interlocked.Exchange(ref _changed, null);
        }

        changed?.SetResult();
    }

    /// <summary>There is something to consume, or to do, for the members of groups.</summary>
    internal void Changed()
    {
        TaskCompletionSource? changed;
        lock (_lock)
        {
            changed = Interlocked.Exchange(ref _changed, null);
            foreach (var session in _sessions)
                session.Wake();
        }

        changed?.SetResult();
    }

    private static TopicInfo Info(InMemoryTopic topic) => new(topic.Name, topic.Id, topic.Partitions);

    private IEnumerable<TopicPartitionOffset> Ends(InMemoryConsumerSession session) => _topics.Values
        .Where(topic => session.Consumes(topic.Name))
        .SelectMany(topic => Enumerable.Range(0, topic.Partitions).Select(partition => new TopicPartitionOffset(topic.Name, partition, topic.End(partition))));

    private IEnumerable<string> Left()
    {
        foreach (var group in _groups.Values)
        {
            foreach (var partition in group.Consumed(_topics.Values))
            {
                var (position, end) = (group.Position(partition), _topics[partition.Topic].End(partition.Partition.Value));
                if (position < end)
                    yield return $"{partition.Topic}[{partition.Partition.Value}] in group '{group.Name}' is at offset {position} of {end}";
            }
        }
    }
}
