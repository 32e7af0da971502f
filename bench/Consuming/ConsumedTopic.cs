using IotBus.Bench.Processes;
using IotBus.Bench.Traffic;
using IotBus.Kafka.Embedded;

namespace IotBus.Bench.Consuming;

/// <summary>A topic full of events, and a process that consumes it again and again.</summary>
internal sealed class ConsumedTopic : IAsyncDisposable
{
    public const int Partitions = 3;

    private readonly ChildProcess _loops;

    private ConsumedTopic(ChildProcess loops, int messages) => (_loops, Messages) = (loops, messages);

    /// <summary>How many events there are.</summary>
    public int Messages { get; }

    /// <summary>Makes the topic, fills it and starts the process.</summary>
    /// <param name="kafka">Keeps 5 MiB of each partition.</param>
    /// <param name="headers">What the events have beside their values.</param>
    /// <param name="messages">How many events, so many that all of them stay.</param>
    /// <exception cref="BenchException">They do not.</exception>
    public static ConsumedTopic Fill(EmbeddedKafka kafka, HeaderSet headers, int messages)
    {
        var topic = $"bench-consuming-{headers}";
        kafka.CreateTopic(topic, Partitions);
        using (var filler = new TopicFiller(kafka.BootstrapServers, topic, headers))
        {
            filler.Fill(new SensorFleet(seed: 1, DateTimeOffset.UtcNow.AddHours(-3)), messages);
            filler.RequireAll(Partitions, messages);
        }

        return new ConsumedTopic(ConsumingLoops.Start(kafka.BootstrapServers, topic, messages), messages);
    }

    /// <summary>Consumes the whole topic once in one of its ways, as a new group.</summary>
    public Task<ConsumingResult> ConsumeAsync(string loop, CancellationToken cancellationToken) =>
        ConsumingLoops.ConsumeAsync(_loops, loop, cancellationToken);

    public ValueTask DisposeAsync() => _loops.DisposeAsync();
}
