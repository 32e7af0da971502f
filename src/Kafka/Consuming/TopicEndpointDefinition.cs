using Confluent.Kafka;
using MassTransit.Transports;

namespace IotBus.Kafka;

/// <summary>An endpoint's settings, without the types of its keys and messages.</summary>
internal sealed class TopicEndpointDefinition(string[] topics, string group)
{
    public string[] Topics { get; } = topics;

    public string Group { get; } = group;

    /// <summary>Names the endpoint in logs, errors and addresses.</summary>
    public string Name => $"{string.Join('+', Topics)}/{Group}";

    public int MaxBatchSize { get; set; } = 1000;

    public TimeSpan BatchLinger { get; set; }

    public int PrefetchCount { get; set; } = 10_000;

    public long PrefetchBytes { get; set; } = 16 * 1024 * 1024;

    public Func<string, string> DeadLetterTopic { get; set; } = topic => topic + ".dlq";

    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(1);

    // With the closing of the consumer and the producer's last messages it must fit in the 30 s that a host allows its shutdown.
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(10);

    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(45);

    public string? GroupInstanceId { get; set; }

    public AutoOffsetReset AutoOffsetReset { get; set; } = AutoOffsetReset.Earliest;

    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(15);

    public TimeSpan MaxPollInterval { get; set; } = TimeSpan.FromMinutes(5);

    public int CheckpointMessageCount { get; set; } = 5000;

    public int ConcurrentDeliveryLimit { get; set; } = 1;

    public int? ConcurrentMessageLimit { get; set; }

    public FailurePolicy FailurePolicy { get; set; } = FailurePolicy.DeadLetter;

    public int BatchAttempts { get; set; } = 5;

    public Func<Exception, bool> IsTransient { get; set; } = TransientFailures.Contain;

    /// <summary>How missing topics are made; null when they are not.</summary>
    public KafkaTopicOptions? MissingTopics { get; set; }

    /// <summary>Where partitions begin whatever is committed; null for what is.</summary>
    public long? Offset { get; set; }

    public Action<CommittedOffsets>? OffsetsCommitted { get; set; }

    public Action<string>? Statistics { get; set; }

    /// <summary>What was said of the client for which there is no property here.</summary>
    public ConsumerConfig Client { get; } = new();

    public Action<ConsumerConfig>? ConfigureClient { get; set; }

    /// <summary>What a <see cref="ConsumerConfig"/> says to begin with.</summary>
    public static TopicEndpointDefinition Of(string[] topics, ConsumerConfig given)
    {
        var definition = new TopicEndpointDefinition(topics, given.GroupId ?? "");
        foreach (var setting in given)
            definition.Client.Set(setting.Key, setting.Value);

        definition.GroupInstanceId = given.GroupInstanceId;
        definition.AutoOffsetReset = given.AutoOffsetReset ?? definition.AutoOffsetReset;
        definition.SessionTimeout = Time(given.SessionTimeoutMs) ?? definition.SessionTimeout;
        definition.MaxPollInterval = Time(given.MaxPollIntervalMs) ?? definition.MaxPollInterval;
        definition.CheckpointInterval = Time(given.AutoCommitIntervalMs) ?? definition.CheckpointInterval;
        var client = definition.Client;
        (client.GroupId, client.GroupInstanceId, client.AutoOffsetReset) = (null, null, null);
        (client.SessionTimeoutMs, client.MaxPollIntervalMs, client.AutoCommitIntervalMs) = (null, null, null);
        return definition;
    }

    public IEnumerable<(string Key, string Message)> Validate()
    {
        if (Topics.Length == 0)
            yield return ("Topics", "are none: name at least one topic.");

        foreach (var topic in Topics.Where(topic => !TopicName.IsValid(topic) && !TopicName.IsPattern(topic)))
            yield return ("Topics", $"hold '{topic}', which is no topic name: use letters, digits, dots, hyphens or underscores, or a pattern that begins with ^.");

        var patterns = new TopicPatterns(this);
        foreach (var topic in Topics.Where(TopicName.IsValid).Concat(patterns.Samples()))
        {
            var deadLetters = DeadLetterTopic(topic);
            if (!TopicName.IsValid(deadLetters) || Topics.Contains(deadLetters))
                yield return (nameof(DeadLetterTopic), $"is '{deadLetters}' for '{topic}': name another topic than those the endpoint consumes.");
            else if (patterns.Take(deadLetters))
            {
                yield return (
                    nameof(DeadLetterTopic),
                    $"is '{deadLetters}' for '{topic}', which a pattern of the endpoint takes as well, so that dead letters would make dead letters without "
                    + "end: let it end with .dlq, or leave it out by TopicBlacklist in ConfigureClient.");
            }
        }

        if (string.IsNullOrWhiteSpace(Group))
            yield return (nameof(Group), "is empty: name the consumer group.");

        if (MaxBatchSize is < 1 or > 100_000)
            yield return (nameof(MaxBatchSize), $"is {MaxBatchSize}: set it between 1 and 100,000.");

        if (PrefetchCount < MaxBatchSize || PrefetchCount > 10_000_000)
            yield return (nameof(PrefetchCount), $"is {PrefetchCount}: set it between MaxBatchSize, {MaxBatchSize}, and 10,000,000.");

        if (PrefetchBytes is < 64 * 1024 or > 1024 * 1024 * 1024)
            yield return (nameof(PrefetchBytes), $"is {PrefetchBytes}: set it between 65,536 and 1,073,741,824.");

        if (BatchLinger < TimeSpan.Zero || BatchLinger > TimeSpan.FromSeconds(10))
            yield return (nameof(BatchLinger), $"is {BatchLinger}: set it between zero and 10 s.");

        if (CheckpointInterval < TimeSpan.FromMilliseconds(100) || CheckpointInterval > TimeSpan.FromMinutes(1))
            yield return (nameof(CheckpointInterval), $"is {CheckpointInterval}: set it between 100 ms and 1 minute.");

        if (BatchAttempts is < 1 or > 1_000_000)
            yield return (nameof(BatchAttempts), $"is {BatchAttempts}: set it between 1 and 1,000,000.");

        if (CheckpointMessageCount is < 1 or > 1_000_000)
            yield return (nameof(CheckpointMessageCount), $"is {CheckpointMessageCount}: set it between 1 and 1,000,000.");

        if (ConcurrentDeliveryLimit is < 1 or > 10_000 || ConcurrentDeliveryLimit > PrefetchCount)
        {
            yield return (
                nameof(ConcurrentDeliveryLimit),
                $"is {ConcurrentDeliveryLimit}: set it between 1 and 10,000, and no higher than {nameof(PrefetchCount)}, {PrefetchCount}.");
        }

        if (ConcurrentMessageLimit is < 1)
            yield return (nameof(ConcurrentMessageLimit), $"is {ConcurrentMessageLimit}: set it to 1 or more, or leave it out.");

        if (MaxPollInterval < SessionTimeout || MaxPollInterval > TimeSpan.FromDays(1))
            yield return (nameof(MaxPollInterval), $"is {MaxPollInterval}: set it between {nameof(SessionTimeout)}, {SessionTimeout}, and a day.");

        if (MissingTopics is { NumPartitions: < 1 })
            yield return ("CreateIfMissing", $"says {MissingTopics.NumPartitions} partitions: set NumPartitions to 1 or more.");

        if (MissingTopics is { ReplicationFactor: < 1 })
            yield return ("CreateIfMissing", $"says a ReplicationFactor of {MissingTopics.ReplicationFactor}: set it to 1 or more, or leave it to the brokers.");

        if (Offset is < 0 and not (-1 or -2))
            yield return (nameof(Offset), $"is {Offset}: set it to 0 or more, or to that of Offset.Beginning or Offset.End.");

        if (SessionTimeout < TimeSpan.FromSeconds(1) || SessionTimeout > TimeSpan.FromMinutes(30))
            yield return (nameof(SessionTimeout), $"is {SessionTimeout}: set it between 1 s and 30 minutes.");

        if (ShutdownTimeout <= TimeSpan.Zero || ShutdownTimeout > TimeSpan.FromMinutes(5))
            yield return (nameof(ShutdownTimeout), $"is {ShutdownTimeout}: set it above zero and up to 5 minutes.");

        if (RetryDelay <= TimeSpan.Zero || MaxRetryDelay < RetryDelay || MaxRetryDelay > TimeSpan.FromMinutes(5))
        {
            yield return (
                nameof(RetryDelay),
                $"is {RetryDelay} and {nameof(MaxRetryDelay)} {MaxRetryDelay}: set both above zero, the second no smaller, up to 5 minutes.");
        }

        foreach (var problem in ConsumerSettings.Validate(this))
            yield return problem;
    }

    private static TimeSpan? Time(int? milliseconds) => milliseconds is { } time ? TimeSpan.FromMilliseconds(time) : null;
}
