using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace IotBus.Kafka;

/// <summary>Administration of a real cluster's topics, through a client of its own.</summary>
public sealed class KafkaTopicAdministration : ITopicAdministration, IDisposable
{
    private static readonly TimeSpan CreationTimeout = TimeSpan.FromSeconds(30);

    private readonly IAdminClient _client;
    private readonly string _bootstrapServers;
    private readonly TimeSpan _timeout;

    /// <param name="bootstrapServers">The brokers to ask first, <c>host:port</c>, separated by commas.</param>
    /// <param name="configure">Any other setting of librdkafka, such as security.</param>
    /// <param name="timeout">How long a question may wait for its answer; 10 s when null.</param>
    public KafkaTopicAdministration(string bootstrapServers, Action<ClientConfig>? configure = null, TimeSpan? timeout = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(bootstrapServers);
        Librdkafka.EnsureLoaded();
        _bootstrapServers = bootstrapServers;
        _timeout = timeout ?? TimeSpan.FromSeconds(10);
        var config = new AdminClientConfig { BootstrapServers = bootstrapServers, ReconnectBackoffMaxMs = 1000 };
        configure?.Invoke(config);

        // What goes wrong is told by the calls; the client's own log lines would go to the standard error stream.
        _client = new AdminClientBuilder(config).SetLogHandler((_, _) => { }).Build();
    }

    public async Task<TopicInfo> CreateIfMissingAsync(TopicDefinition topic, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        var specification = new TopicSpecification
        {
            Name = topic.Name,
            NumPartitions = topic.Partitions,
            ReplicationFactor = topic.Replication ?? -1,
            Configs = new Dictionary<string, string>(topic.Configuration),
        };
        try
        {
            await AskAsync(
                () => _client.CreateTopicsAsync([specification], new CreateTopicsOptions { RequestTimeout = _timeout }),
                cancellationToken).ConfigureAwait(false);
        }
        catch (CreateTopicsException exception) when (exception.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
        {
            // It need not be made.
        }

        return await ServedAsync(topic.Name, cancellationToken).ConfigureAwait(false);
    }

    public async Task<TopicInfo?> DescribeAsync(string topic, CancellationToken cancellationToken = default)
    {
        try
        {
            var described = await AskAsync(
                () => _client.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = _timeout }),
                cancellationToken).ConfigureAwait(false);
            return Info(described.TopicDescriptions[0]);
        }
        catch (DescribeTopicsException exception) when (exception.Results.TopicDescriptions[0].Error.Code == ErrorCode.UnknownTopicOrPart)
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();

    private static TopicInfo Info(TopicDescription topic) => new(topic.Name, TopicIds.Text(topic.TopicId), topic.Partitions.Count);

    /// <summary>Brokers acknowledge a topic before they all know it.</summary>
    private async Task<TopicInfo> ServedAsync(string topic, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(CreationTimeout);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (true)
            {
                if (await DescribeAsync(topic, bound.Token).ConfigureAwait(false) is { } info)
                    return info;

                await timer.WaitForNextTickAsync(bound.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new KafkaUnavailableException(
                $"Kafka at {_bootstrapServers} made '{topic}' but did not serve it within {CreationTimeout.TotalSeconds:0} s.", exception);
        }
    }

    private async Task<TResult> AskAsync<TResult>(Func<Task<TResult>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException exception) when (ConnectionErrors.Contain(exception.Error.Code))
        {
            throw new KafkaUnavailableException($"Kafka at {_bootstrapServers} did not answer: {exception.Error.Reason}", exception);
        }
    }

    private async Task AskAsync(Func<Task> ask, CancellationToken cancellationToken) =>
        await AskAsync(
            async () =>
            {
                await ask().ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
}
