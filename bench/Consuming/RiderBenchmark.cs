using IotBus.Bench.Processes;
using IotBus.Bench.Reports;
using IotBus.Bench.Traffic;
using IotBus.Kafka.Embedded;

namespace IotBus.Bench.Consuming;

/// <summary>The same preloaded topic consumed again and again, by the rider in one of its ways and by raw loops.</summary>
/// <param name="name">The benchmark's name.</param>
/// <param name="loop">The rider's way: a name of <see cref="RiderLoop"/> or <see cref="MessageLoop"/>.</param>
/// <param name="target">What is to be reached.</param>
internal sealed class RiderBenchmark(string name, string loop, string target) : IBenchmark
{
    private const string Topic = "bench-consuming";

    // Enough partitions for all messages to stay: the embedded broker keeps 5 MiB of each.
    private const int Partitions = 24;
    private const int Messages = 500_000;

    public string Name => name;

    public async Task<Measurement> MeasureAsync(int runs, CancellationToken cancellationToken)
    {
        await using var kafka = new EmbeddedKafka();
        kafka.CreateTopic(Topic, Partitions);
        using (var filler = new TopicFiller(kafka.BootstrapServers, Topic))
        {
            filler.Fill(new SensorFleet(seed: 1, DateTimeOffset.UtcNow.AddHours(-3)), Messages);
            filler.RequireAll(Partitions, Messages);
        }

        await using var loops = ConsumingLoops.Start(kafka.BootstrapServers, Topic, Messages);
        foreach (var way in (string[])[loop, RawLoop.Name, RawLoop.NameOfBytes])
            await ConsumingLoops.ConsumeAsync(loops, way, cancellationToken);

        var (rider, raw, bytes) = (new List<ConsumingResult>(), new List<ConsumingResult>(), new List<ConsumingResult>());
        for (var run = 0; run < runs; run++)
        {
            rider.Add(await ConsumingLoops.ConsumeAsync(loops, loop, cancellationToken));
            raw.Add(await ConsumingLoops.ConsumeAsync(loops, RawLoop.Name, cancellationToken));
            bytes.Add(await ConsumingLoops.ConsumeAsync(loops, RawLoop.NameOfBytes, cancellationToken));
            await Console.Error.WriteLineAsync(
                $"  {run + 1}: {rider[^1].PerSecond:N0} messages/s; raw {raw[^1].PerSecond:N0}; raw without deserializing {bytes[^1].PerSecond:N0}");
        }

        var value = Median.Of(rider.Select(run => run.PerSecond));
        var withoutDeserializing = Median.Of(bytes.Select(run => run.PerSecond));
        return new Measurement(Name, "messages/s")
        {
            Runs = [.. rider.Select(run => run.PerSecond)],
            Peer = "raw Confluent.Kafka Consume loop that deserializes the same JSON with the same source-generated context",
            PeerRuns = [.. raw.Select(run => run.PerSecond)],
            Target = target,
            More =
            [
                ("cpu_us_per_message", Rounding.Short(Median.Of(rider.Select(run => run.CpuMicrosecondsEach)))),
                ("peer_cpu_us_per_message", Rounding.Short(Median.Of(raw.Select(run => run.CpuMicrosecondsEach)))),
                ("bytes_per_message", Rounding.Short(Median.Of(rider.Select(run => run.BytesEach)))),
                ("peer_bytes_per_message", Rounding.Short(Median.Of(raw.Select(run => run.BytesEach)))),
                ("raw_without_deserializing", Rounding.Short(withoutDeserializing)),
                ("ratio_without_deserializing", Rounding.Short(value / withoutDeserializing)),
                ("messages", Messages),
                ("partitions", Partitions),
            ],
        };
    }
}
