using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>
/// A consumer group in memory: who its members are, who has which partitions, and how far they have come. Used under the lock of its Kafka.
/// </summary>
internal sealed class InMemoryGroup(string name)
{
    private readonly List<InMemoryConsumerSession> _members = [];
    private readonly Dictionary<TopicPartition, InMemoryConsumerSession> _owners = [];
    private readonly Dictionary<TopicPartition, long> _committed = [];

    // Where the group began a partition of which it has committed nothing.
    private readonly Dictionary<TopicPartition, long> _begun = [];

    public string Name { get; } = name;

    /// <param name="member">The new member.</param>
    /// <param name="latest">The ends of the partitions it would skip; none when it begins at the first message.</param>
    public void Join(InMemoryConsumerSession member, IEnumerable<TopicPartitionOffset> latest)
    {
        _members.Add(member);
        foreach (var end in latest.Where(end => !_owners.ContainsKey(end.TopicPartition)))
            _begun[end.TopicPartition] = end.Offset;
    }

    public void Leave(InMemoryConsumerSession member)
    {
        _members.Remove(member);
        foreach (var partition in _owners.Where(owner => owner.Value == member).Select(owner => owner.Key).ToList())
            _owners.Remove(partition);
    }

    /// <summary>The partitions that a member has but should not have.</summary>
    public List<TopicPartition> Superfluous(InMemoryConsumerSession member, IReadOnlyCollection<InMemoryTopic> topics)
    {
        var owned = _owners.Where(owner => owner.Value == member).Select(owner => owner.Key).ToHashSet();
        owned.ExceptWith(Share(member, topics));
        return [.. owned];
    }

    /// <summary>Gives a member what it should have and nobody has.</summary>
    public List<TopicPartition> Assign(InMemoryConsumerSession member, IReadOnlyCollection<InMemoryTopic> topics)
    {
        var assigned = Share(member, topics).Where(partition => !_owners.ContainsKey(partition)).ToList();
        foreach (var partition in assigned)
            _owners[partition] = member;

        return assigned;
    }

    public void Release(IEnumerable<TopicPartition> partitions)
    {
        foreach (var partition in partitions)
            _owners.Remove(partition);
    }

    /// <summary>What a member that has the partition no more says is not taken.</summary>
    public void Commit(InMemoryConsumerSession member, TopicPartitionOffset next)
    {
        if (_owners.GetValueOrDefault(next.TopicPartition) == member)
            _committed[next.TopicPartition] = next.Offset;
    }

    public long? Committed(TopicPartition partition) => _committed.TryGetValue(partition, out var offset) ? offset : null;

    /// <summary>The first offset that was not committed.</summary>
    public long Position(TopicPartition partition) => Committed(partition) ?? _begun.GetValueOrDefault(partition);

    /// <summary>The partitions of the topics that have a member to consume them.</summary>
    public IEnumerable<TopicPartition> Consumed(IEnumerable<InMemoryTopic> topics) => topics
        .Where(topic => _members.Exists(member => member.Consumes(topic.Name)))
        .SelectMany(topic => Enumerable.Range(0, topic.Partitions).Select(partition => new TopicPartition(topic.Name, partition)));

    /// <summary>Each member that consumes a topic has every n-th of its partitions.</summary>
    private IEnumerable<TopicPartition> Share(InMemoryConsumerSession member, IReadOnlyCollection<InMemoryTopic> topics)
    {
        foreach (var topic in topics.Where(topic => member.Consumes(topic.Name)))
        {
            var members = _members.FindAll(other => other.Consumes(topic.Name));
            for (var partition = members.IndexOf(member); partition < topic.Partitions; partition += members.Count)
                yield return new TopicPartition(topic.Name, partition);
        }
    }
}
