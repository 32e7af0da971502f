using IotBus.Bench.Reports;
using IotBus.Kafka.Embedded;

namespace IotBus.Bench.Producing;

/// <summary>The same readings produced again and again to three partitions, by the rider and by raw loops, each message acknowledged.</summary>
internal sealed class ProduceBenchmark : IBenchmark
{
    private const string Topic = "bench-producing";
    private const int Partitions = 3;
    private const int Messages = 300_000;

    private static readonly string[] Loops =
        [RiderProducingLoop.Name, RawProducingLoop.Name, RawProducingLoop.NameWithHeaders, RiderProducingLoop.NameWithPipe];

    public string Name => "rider_produce";

    public async Task<Measurement> MeasureAsync(int runs, CancellationToken cancellationToken)
    {
        // It keeps 5 MiB of a partition and drops what is older: only the producing counts.
        await using var kafka = new EmbeddedKafka();
        kafka.CreateTopic(Topic, Partitions);
        await using var loops = ProducingLoops.Start(kafka.BootstrapServers, Topic, Messages);
        var results = Loops.ToDictionary(loop => loop, _ => new List<ProducingResult>());
        for (var run = 0; run <= runs; run++)
        {
            foreach (var loop in Loops)
            {
                var result = await ProducingLoops.ProduceAsync(loops, loop, cancellationToken);

                // The first run warms up.
                if (run > 0)
                    results[loop].Add(result);
            }

            if (run > 0)
                await Console.Error.WriteLineAsync($"  {run}: " + string.Join("; ", Loops.Select(loop => $"{loop} {results[loop][^1].PerSecond:N0} messages/s")));
        }

        double Of(string loop, Func<ProducingResult, double> what) => Rounding.Short(Median.Of(results[loop].Select(what)));
        var (rider, raw) = (RiderProducingLoop.Name, RawProducingLoop.Name);
        return new Measurement(Name, "messages/s")
        {
            Runs = [.. results[rider].Select(run => run.PerSecond)],
            Peer = "raw Confluent.Kafka Produce loop that serializes the same JSON with the same source-generated context, without headers",
            PeerRuns = [.. results[raw].Select(run => run.PerSecond)],
            Target = "ratio >= 0.6",
            More =
            [
                ("cpu_us_per_message", Of(rider, run => run.CpuMicrosecondsEach)),
                ("peer_cpu_us_per_message", Of(raw, run => run.CpuMicrosecondsEach)),
                ("bytes_per_message", Of(rider, run => run.BytesEach)),
                ("peer_bytes_per_message", Of(raw, run => run.BytesEach)),
                ("raw_with_headers", Of(RawProducingLoop.NameWithHeaders, run => run.PerSecond)),
                ("ratio_to_raw_with_headers", Rounding.Short(Of(rider, run => run.PerSecond) / Of(RawProducingLoop.NameWithHeaders, run => run.PerSecond))),
                ("raw_with_headers_cpu_us_per_message", Of(RawProducingLoop.NameWithHeaders, run => run.CpuMicrosecondsEach)),
                ("with_pipe", Of(RiderProducingLoop.NameWithPipe, run => run.PerSecond)),
                ("with_pipe_cpu_us_per_message", Of(RiderProducingLoop.NameWithPipe, run => run.CpuMicrosecondsEach)),
                ("with_pipe_bytes_per_message", Of(RiderProducingLoop.NameWithPipe, run => run.BytesEach)),
                ("messages", Messages),
                ("partitions", Partitions),
            ],
        };
    }
}
