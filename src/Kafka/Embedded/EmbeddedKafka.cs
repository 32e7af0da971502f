using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace IotBus.Kafka.Embedded;

/// <summary>
/// A Kafka cluster inside this process, for tests and for trying things out: librdkafka's mock cluster, which speaks the real protocol on
/// 127.0.0.1 with groups, rebalances, idempotent producers and all codecs. Thread-safe.
/// </summary>
/// <remarks>
/// It keeps everything in memory. Of each partition it keeps <see cref="PartitionBytes"/> or <see cref="PartitionBatches"/>, whichever is
/// reached first, and silently drops the oldest batches beyond: see <see cref="BacklogGuard"/>. Ports are chosen by the system. An unknown
/// topic that a client asks for appears with 4 partitions. A group's first member joins at once, but every later rebalance takes as long as
/// the session timeout less a second: give its consumers short ones, such as 2 s. It does not know static members: one that comes back
/// under its <c>group.instance.id</c> is a new member, and the old one waits for its session to expire. It knows no CreateTopics,
/// DescribeConfigs, ListGroups, offsets by time, SASL or TLS.
/// </remarks>
public sealed class EmbeddedKafka : IAsyncDisposable
{
    /// <summary>The bytes of (compressed) batches that the cluster keeps of a partition.</summary>
    public const int PartitionBytes = 5 * 1024 * 1024;

    /// <summary>The batches that the cluster keeps of a partition.</summary>
    public const int PartitionBatches = 100_000;

    private readonly ConcurrentDictionary<string, int> _topics = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly int _brokers;
    private nint _client;
    private nint _cluster;

    /// <param name="brokers">How many brokers, 1–16. Topics have one leader a partition, spread over them.</param>
    /// <exception cref="DllNotFoundException">librdkafka is missing or too old.</exception>
    public EmbeddedKafka(int brokers = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(brokers, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(brokers, 16);
        Librdkafka.EnsureLoaded();
        _brokers = brokers;
        _client = NewClient();
        _cluster = MockCluster.New(_client, brokers);
        if (_cluster == 0)
        {
            MockCluster.DestroyClient(_client);
            throw new InvalidOperationException("The embedded Kafka did not start: it could not listen on 127.0.0.1.");
        }

        // A group's first join waits this long for other members; the cluster's default is 3 s.
        MockCluster.SetInitialRebalanceDelay(_cluster, 50);

        // Without a controller it answers no question of administration.
        MockCluster.SetController(_cluster, 1);
        BootstrapServers = Marshal.PtrToStringUTF8(MockCluster.Bootstraps(_cluster))!;
    }

    /// <summary>The addresses of the brokers, for <c>bootstrap.servers</c>.</summary>
    public string BootstrapServers { get; }

    /// <summary>Creates a topic.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="partitions">At least 1.</param>
    /// <param name="replication">1 up to the number of brokers.</param>
    /// <exception cref="KafkaException">It exists already, or an argument is out of range.</exception>
    public void CreateTopic(string name, int partitions, int replication = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        lock (_lock)
        {
            Check(MockCluster.CreateTopic(Cluster, name, partitions, replication));
            _topics[name] = partitions;
        }
    }

    /// <summary>Deletes a topic and what it holds. One made again with the same name starts at offset 0 and has another topic id.</summary>
    /// <exception cref="KafkaException">There is no such topic.</exception>
    public void DeleteTopic(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        lock (_lock)
        {
            Check(MockCluster.DeleteTopic(Cluster, name));
            _topics.TryRemove(name, out _);
        }
    }

    /// <summary>How many partitions a topic made by <see cref="CreateTopic"/> has; null for others.</summary>
    public int? PartitionsOf(string topic) => _topics.TryGetValue(topic, out var partitions) ? partitions : null;

    /// <summary>Answers the next requests of a kind with errors, one each, in order.</summary>
    public void FailRequests(KafkaRequest request, params ReadOnlySpan<ErrorCode> errors)
    {
        Span<int> codes = stackalloc int[errors.Length];
        for (var i = 0; i < errors.Length; i++)
            codes[i] = (int)errors[i];

        lock (_lock)
            MockCluster.PushRequestErrors(Cluster, (short)request, (nuint)codes.Length, codes);
    }

    /// <summary>Takes back the errors of <see cref="FailRequests"/> that no request has met yet.</summary>
    public void StopFailing(KafkaRequest request)
    {
        lock (_lock)
            MockCluster.ClearRequestErrors(Cluster, (short)request);
    }

    /// <summary>Lets metadata of a topic tell an error until it is set to <see cref="ErrorCode.NoError"/>.</summary>
    public void SetTopicError(string topic, ErrorCode error)
    {
        lock (_lock)
            MockCluster.SetTopicError(Cluster, topic, (int)error);
    }

    /// <summary>Drops all connections and refuses new ones, until <see cref="BringUp"/>. What was acknowledged is kept.</summary>
    public void TakeDown() => ForEachBroker(MockCluster.TakeBrokerDown);

    /// <summary>Accepts connections again, at the same addresses.</summary>
    public void BringUp() => ForEachBroker(MockCluster.BringBrokerUp);

    /// <summary>Delays every answer by so much, from 0 up to a minute.</summary>
    public void SetRoundTripTime(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, TimeSpan.FromMinutes(1));
        ForEachBroker((cluster, broker) => MockCluster.SetRoundTripTime(cluster, broker, (int)delay.TotalMilliseconds));
    }

    /// <summary>Stops the cluster; what it holds is gone. Stop its clients first: they would try to connect for ever.</summary>
    public async ValueTask DisposeAsync()
    {
        nint cluster, client;
        lock (_lock)
        {
            (cluster, client) = (_cluster, _client);
            (_cluster, _client) = (0, 0);
        }

        if (cluster == 0)
            return;

        // Both calls wait for librdkafka's threads to end.
        await Task.Run(() =>
        {
            MockCluster.Destroy(cluster);
            MockCluster.DestroyClient(client);
        }).ConfigureAwait(false);
    }

    private nint Cluster => _cluster != 0 ? _cluster : throw new ObjectDisposedException(nameof(EmbeddedKafka));

    private static nint NewClient()
    {
        Span<byte> error = stackalloc byte[256];
        var configuration = MockCluster.NewConfiguration();

        // The client that carries the cluster logs to the standard error stream: only what is an error.
        _ = MockCluster.Configure(configuration, "log_level", "3", error, (nuint)error.Length);
        var client = MockCluster.NewClient(MockCluster.ProducerType, configuration, error, (nuint)error.Length);
        return client != 0
            ? client
            : throw new InvalidOperationException($"The embedded Kafka did not start: {Encoding.UTF8.GetString(error).TrimEnd('\0')}");
    }

    private void ForEachBroker(Func<nint, int, int> change)
    {
        lock (_lock)
        {
            for (var broker = 1; broker <= _brokers; broker++)
                Check(change(Cluster, broker));
        }
    }

    private static void Check(int error)
    {
        if (error != 0)
            throw new KafkaException(new Error((ErrorCode)error));
    }
}
