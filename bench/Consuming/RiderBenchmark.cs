using IotBus.Bench.Reports;
using IotBus.Bench.Traffic;
using IotBus.Kafka.Embedded;

namespace IotBus.Bench.Consuming;

/// <summary>The same preloaded topics consumed again and again, by the rider in one of its ways and by raw loops.</summary>
/// <param name="name">The benchmark's name.</param>
/// <param name="loop">The rider's way: a name of <see cref="RiderLoop"/> or <see cref="MessageLoop"/>.</param>
/// <param name="target">What is to be reached.</param>
internal sealed class RiderBenchmark(string name, string loop, string target) : IBenchmark
{
    // About what the embedded broker keeps of three partitions.
    private const int Messages = 170_000;
    private const int MessagesOfTheApi = 75_000;

    public string Name => name;

    public async Task<Measurement> MeasureAsync(int runs, CancellationToken cancellationToken)
    {
        await using var kafka = new EmbeddedKafka();
        await using var topic = ConsumedTopic.Fill(kafka, HeaderSet.Needed, Messages);
        await using var apis = ConsumedTopic.Fill(kafka, HeaderSet.Api, MessagesOfTheApi);

        // Twice, so that no code is still being compiled.
        foreach (var way in (string[])[loop, RawLoop.Name, RawLoop.NameOfBytes, loop, RawLoop.Name, RawLoop.NameOfBytes])
        {
            await topic.ConsumeAsync(way, cancellationToken);
            await apis.ConsumeAsync(way, cancellationToken);
        }

        var (rider, raw, bytes) = (new List<ConsumingResult>(), new List<ConsumingResult>(), new List<ConsumingResult>());
        var (riderOfApi, rawOfApi) = (new List<ConsumingResult>(), new List<ConsumingResult>());
        for (var run = 0; run < runs; run++)
        {
            rider.Add(await topic.ConsumeAsync(loop, cancellationToken));
            raw.Add(await topic.ConsumeAsync(RawLoop.Name, cancellationToken));
            bytes.Add(await topic.ConsumeAsync(RawLoop.NameOfBytes, cancellationToken));
            riderOfApi.Add(await apis.ConsumeAsync(loop, cancellationToken));
            rawOfApi.Add(await apis.ConsumeAsync(RawLoop.Name, cancellationToken));
            await Console.Error.WriteLineAsync(
                $"  {run + 1}: {rider[^1].PerSecond:N0} messages/s; raw {raw[^1].PerSecond:N0}; raw without deserializing {bytes[^1].PerSecond:N0}; "
                + $"with the Api's headers {riderOfApi[^1].PerSecond:N0}, raw {rawOfApi[^1].PerSecond:N0}");
        }

        var value = PerSecond(rider);
        return new Measurement(Name, "messages/s")
        {
            Runs = [.. rider.Select(run => run.PerSecond)],
            Peer = "raw Confluent.Kafka Consume loop that deserializes the same JSON with the same source-generated context",
            PeerRuns = [.. raw.Select(run => run.PerSecond)],
            Target = target,
            More =
            [
                ("cpu_us_per_message", Cpu(rider)),
                ("peer_cpu_us_per_message", Cpu(raw)),
                ("bytes_per_message", Bytes(rider)),
                ("peer_bytes_per_message", Bytes(raw)),
                ("seconds_to_first_message", First(rider)),
                ("peer_seconds_to_first_message", First(raw)),
                ("raw_without_deserializing", Rounding.Short(PerSecond(bytes))),
                ("ratio_without_deserializing", Rounding.Short(value / PerSecond(bytes))),
                ("with_api_headers", Rounding.Short(PerSecond(riderOfApi))),
                ("peer_with_api_headers", Rounding.Short(PerSecond(rawOfApi))),
                ("ratio_with_api_headers", Rounding.Short(PerSecond(riderOfApi) / PerSecond(rawOfApi))),
                ("bytes_per_message_with_api_headers", Bytes(riderOfApi)),
                ("peer_bytes_per_message_with_api_headers", Bytes(rawOfApi)),
                ("messages", topic.Messages),
                ("messages_with_api_headers", apis.Messages),
                ("partitions", ConsumedTopic.Partitions),
            ],
        };
    }

    private static double PerSecond(List<ConsumingResult> runs) => Median.Of(runs.Select(run => run.PerSecond));

    private static double First(List<ConsumingResult> runs) => Rounding.Short(Median.Of(runs.Select(run => run.FirstSeconds)));

    private static double Cpu(List<ConsumingResult> runs) => Rounding.Short(Median.Of(runs.Select(run => run.CpuMicrosecondsEach)));

    private static double Bytes(List<ConsumingResult> runs) => Rounding.Short(Median.Of(runs.Select(run => run.BytesEach)));
}
