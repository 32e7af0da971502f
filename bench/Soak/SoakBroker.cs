using Confluent.Kafka;
using Confluent.Kafka.Admin;
using IotBus.Bench.Processes;
using IotBus.Kafka;
using IotBus.Kafka.Embedded;

namespace IotBus.Bench.Soak;

/// <summary>The broker of a soak with its topics: the embedded one as a process of its own, or the real one of <c>KAFKA_BOOTSTRAP_SERVERS</c>.</summary>
internal sealed class SoakBroker : IAsyncDisposable
{
    public const string Role = "soak-broker";

    private readonly ChildProcess? _process;
    private readonly string[] _topics;

    private SoakBroker(string bootstrapServers, ChildProcess? process, string[] topics) =>
        (BootstrapServers, _process, _topics) = (bootstrapServers, process, topics);

    public string BootstrapServers { get; }

    public bool IsEmbedded => _process is not null;

    public static async Task<SoakBroker> StartAsync(string[] topics, int partitions, CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP_SERVERS") is { Length: > 0 } servers)
        {
            var real = new SoakBroker(servers, process: null, topics);
            using var client = real.NewClient();
            await client.CreateTopicsAsync(topics.Select(topic => new TopicSpecification { Name = topic, NumPartitions = partitions }));
            return real;
        }

        var process = ChildProcess.StartRole(Role, [$"{partitions}", .. topics]);
        try
        {
            return new SoakBroker(await process.ReadLineAsync(cancellationToken), process, topics);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Serves until its input ends.</summary>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        await using var kafka = new EmbeddedKafka();
        foreach (var topic in args[1..])
            kafka.CreateTopic(topic, int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture));

        await Console.Out.WriteLineAsync(kafka.BootstrapServers);
        await Console.In.ReadToEndAsync(cancellationToken);
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            return;
        }

        using var client = NewClient();
        await client.DeleteTopicsAsync(_topics);
    }

    private IAdminClient NewClient()
    {
        Librdkafka.EnsureLoaded();
        return new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers }).Build();
    }
}
