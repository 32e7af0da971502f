using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>librdkafka's settings for an endpoint.</summary>
internal static class ConsumerSettings
{
    private const string DeadLetters = @"\.dlq$";

    /// <summary>The client's finest.</summary>
    public static TimeSpan StatisticsInterval { get; } = TimeSpan.FromSeconds(1);

    public static TimeSpan HeartbeatInterval(TopicEndpointDefinition endpoint) =>
        TimeSpan.FromMilliseconds(endpoint.Client.HeartbeatIntervalMs ?? Math.Min(3000, endpoint.SessionTimeout.TotalMilliseconds / 10));

    public static ConsumerConfig Of(ClientConfig client, TopicEndpointDefinition endpoint)
    {
        var config = new ConsumerConfig(new Dictionary<string, string>(client))
        {
            GroupId = endpoint.Group,
            GroupInstanceId = endpoint.GroupInstanceId,
            AutoOffsetReset = endpoint.AutoOffsetReset,
            IsolationLevel = IsolationLevel.ReadCommitted,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,

            // The client commits what the workers have stored, and they store what was applied.
            EnableAutoCommit = true,
            EnableAutoOffsetStore = false,
            AutoCommitIntervalMs = (int)endpoint.CheckpointInterval.TotalMilliseconds,

            SessionTimeoutMs = (int)endpoint.SessionTimeout.TotalMilliseconds,
            MaxPollIntervalMs = (int)endpoint.MaxPollInterval.TotalMilliseconds,
            HeartbeatIntervalMs = (int)HeartbeatInterval(endpoint).TotalMilliseconds,

            // Pausing throws away what the client has fetched of the partition, so it holds no more than what is missing when it resumes;
            // and with a queue so short, it must look often whether there is room again.
            QueuedMinMessages = Math.Max(endpoint.PrefetchCount / 2, 100),
            QueuedMaxMessagesKbytes = 32 * 1024,

            // A partition that resumes waits for the request that is with its broker, and that one may ask only for partitions at their
            // end: it must not rest there for long.
            FetchWaitMaxMs = 50,

            // A topic that is made after the start, and new partitions, are seen within so long.
            TopicMetadataRefreshIntervalMs = 10_000,
            StatisticsIntervalMs = (int)StatisticsInterval.TotalMilliseconds,
            AllowAutoCreateTopics = false,
        };
        config.Set("fetch.queue.backoff.ms", "10");
        foreach (var setting in endpoint.Client)
            config.Set(setting.Key, setting.Value);

        // A pattern must not take dead letters for messages: each that fails again would make another.
        if (endpoint.Topics.Any(TopicName.IsPattern))
            config.TopicBlacklist = config.TopicBlacklist is { Length: > 0 } said ? $"{said},{DeadLetters}" : DeadLetters;

        endpoint.ConfigureClient?.Invoke(config);
        return config;
    }

    /// <summary>What may not be said of the client, because what the rider promises hangs on it, or because the rider must know of it too.</summary>
    public static IEnumerable<(string Key, string Message)> Validate(TopicEndpointDefinition endpoint)
    {
        var config = Of(new ClientConfig(), endpoint);
        if (config.EnableAutoOffsetStore != false)
        {
            yield return (
                nameof(config.EnableAutoOffsetStore),
                "is on, which would commit messages that are not applied yet: remove it. The endpoint itself stores the offsets of what was applied.");
        }

        if (config.EnableAutoCommit != true)
        {
            yield return (
                nameof(config.EnableAutoCommit),
                "is off, so that hardly anything would be committed: remove it. Only what was applied is committed; CheckpointInterval says how often.");
        }

        if (config.HeartbeatIntervalMs is < 1 || config.HeartbeatIntervalMs >= config.SessionTimeoutMs)
        {
            yield return (
                "HeartbeatInterval",
                $"is {config.HeartbeatIntervalMs} ms: set it above zero and well below SessionTimeout, {config.SessionTimeoutMs} ms; a third is usual.");
        }

        if (config.StatisticsIntervalMs is not (> 0 and <= 1000))
        {
            yield return (
                nameof(config.StatisticsIntervalMs),
                $"is {config.StatisticsIntervalMs}: remove it, or set it between 1 and 1,000. Lag and health come from the statistics.");
        }

        foreach (var (setting, said, known) in new[]
        {
            ("TopicEndpoint's group", config.GroupId, endpoint.Group),
            ("SessionTimeout", $"{config.SessionTimeoutMs} ms", $"{(int)endpoint.SessionTimeout.TotalMilliseconds} ms"),
            ("HeartbeatInterval", $"{config.HeartbeatIntervalMs} ms", $"{(int)HeartbeatInterval(endpoint).TotalMilliseconds} ms"),
            ("AutoOffsetReset", $"{config.AutoOffsetReset}", $"{endpoint.AutoOffsetReset}"),
        })
        {
            if (said != known)
                yield return (nameof(ITopicEndpointConfigurator.ConfigureClient), $"says {said} where {setting} is {known}: set {setting} instead.");
        }
    }
}
