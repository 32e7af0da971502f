using Confluent.Kafka;
using Confluent.Kafka.Admin;
using IotBus.Kafka;
using IotBus.Kafka.Embedded;

namespace IotBus.Testing;

/// <summary>
/// The Kafka that tests run on: an embedded one of their own, or the real one that <c>IOTBUS_TEST_KAFKA</c> (<c>host:port</c>) names.
/// Topics have unique names and are removed at disposal, with their dead-letter topics.
/// </summary>
public sealed class KafkaServer : IAsyncDisposable
{
    private const string Variable = "IOTBUS_TEST_KAFKA";

    private readonly List<string> _topics = [];
    private readonly List<string> _groups = [];

    private KafkaServer(string bootstrapServers, EmbeddedKafka? embedded)
    {
        BootstrapServers = bootstrapServers;
        Embedded = embedded;
    }

    public string BootstrapServers { get; }

    /// <summary>Whether it is a real broker, which injects no faults and keeps what it acknowledged.</summary>
    public bool IsReal => Embedded is null;

    /// <summary>The embedded broker; null when a real one is used.</summary>
    public EmbeddedKafka? Embedded { get; }

    /// <summary>Why a test that needs the embedded broker cannot run; null when it can.</summary>
    internal static string? WhyNotEmbedded =>
        RealAddress is null ? null : "Only the embedded broker can be made to fail, and Kafka is a real cluster here.";

    /// <summary>Why a test that needs a real cluster cannot run; null when it can.</summary>
    internal static string? WhyNotReal =>
        RealAddress is null ? $"The embedded broker does not do this: name a real cluster, host:port, in {Variable}." : null;

    private static string? RealAddress => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } address ? address : null;

    public static Task<KafkaServer> StartAsync(int brokers = 1)
    {
        Librdkafka.EnsureLoaded();
        if (RealAddress is { } address)
            return Task.FromResult(new KafkaServer(address, null));

        var embedded = new EmbeddedKafka(brokers);
        return Task.FromResult(new KafkaServer(embedded.BootstrapServers, embedded));
    }

    /// <summary>
    /// An embedded broker that the test has made itself, also where a real one is configured; disposing the server disposes it.
    /// </summary>
    public static KafkaServer Around(EmbeddedKafka embedded)
    {
        ArgumentNullException.ThrowIfNull(embedded);
        return new KafkaServer(embedded.BootstrapServers, embedded);
    }

    /// <summary>Creates a topic and its dead-letter topic, <c>&lt;topic&gt;.dlq</c>, and returns once the broker serves them.</summary>
    public async Task<string> CreateTopicAsync(string prefix, int partitions = 1)
    {
        var topic = NewTopic(prefix);
        string[] names = [topic, topic + ".dlq"];
        if (Embedded is not null)
        {
            foreach (var name in names)
                Embedded.CreateTopic(name, partitions);

            return topic;
        }

        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers }).Build();
        await admin.CreateTopicsAsync(names.Select(name => new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = 1 }));
        await Eventually.TrueAsync(() => names.All(name => admin.GetMetadata(name, TimeSpan.FromSeconds(5)).Topics
            .Any(described => described.Partitions.Count == partitions && described.Partitions.All(partition => partition.Leader >= 0))));
        return topic;
    }

    /// <summary>
    /// A topic's name that no other test has, for a test that makes the topic itself; topic and dead-letter topic are removed at disposal.
    /// </summary>
    public string NewTopic(string prefix)
    {
        var topic = $"{prefix}-{Guid.NewGuid():N}";
        _topics.AddRange([topic, topic + ".dlq"]);
        return topic;
    }

    /// <summary>A consumer group's name that no other test has; the group is removed at disposal.</summary>
    public string NewGroup(string prefix = "group")
    {
        var group = $"{prefix}-{Guid.NewGuid():N}";
        _groups.Add(group);
        return group;
    }

    public async ValueTask DisposeAsync()
    {
        if (Embedded is not null)
        {
            await Embedded.DisposeAsync();
            return;
        }

        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers }).Build();
        foreach (var topic in _topics)
        {
            try
            {
                await admin.DeleteTopicsAsync([topic]);
            }
            catch (DeleteTopicsException exception) when (exception.Results[0].Error.Code == ErrorCode.UnknownTopicOrPart)
            {
                // The test did not make it.
            }
        }

        foreach (var group in _groups)
        {
            try
            {
                await admin.DeleteGroupsAsync([group]);
            }
            catch (DeleteGroupsException)
            {
                // A group that no test joined does not exist, and one whose member was stopped hard empties only after its session: the
                // broker expires both.
            }
        }
    }
}
