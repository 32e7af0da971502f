using System.Diagnostics;
using IotBus.Bench.Reports;
using IotBus.Bench.Traffic;
using IotBus.Kafka.Embedded;
using IotBus.Messages;

namespace IotBus.Bench.Applying;

/// <summary>Events applied end to end: from Kafka, through the Processors, exactly once into the store.</summary>
internal sealed class ApplyBenchmark : IBenchmark
{
    private const string Topic = "bench-applying";

    // Enough partitions for a whole run to stay: the embedded broker keeps 5 MiB of each.
    private const int Partitions = 24;
    private const int EventsPerRun = 150_000;

    // The Processors' code, and the store's, is compiled for good after about so many runs.
    private const int WarmUps = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    public string Name => "apply";

    public async Task<Measurement> MeasureAsync(int runs, CancellationToken cancellationToken)
    {
        await using var kafka = new EmbeddedKafka();
        kafka.CreateTopic(Topic, Partitions);
        kafka.CreateTopic(Topics.Alerts, partitions: 2);
        await using var store = await DevMongoProcess.StartAsync(cancellationToken);
        await using var processors = await ProcessorsProcess.StartAsync(kafka.BootstrapServers, store.Uri, Topic, cancellationToken);
        using var filler = new TopicFiller(kafka.BootstrapServers, Topic);
        var fleet = new SensorFleet(seed: 1, DateTimeOffset.UtcNow.AddHours(-6));

        for (var run = 0; run < WarmUps; run++)
            await ApplyAsync(filler, fleet, processors, store, cancellationToken);

        var (applied, oneByOne) = (new List<ApplyRun>(), new List<OneByOneResult>());
        for (var run = 0; run < runs; run++)
        {
            applied.Add(await ApplyAsync(filler, fleet, processors, store, cancellationToken));
            oneByOne.Add(await OneByOnePipeline.MeasureAsync(kafka.BootstrapServers, store.Uri, Topic, cancellationToken));
            await Console.Error.WriteLineAsync(
                $"  {run + 1}: {applied[^1].PerSecond:N0} events/s, {applied[^1].CpuMicrosecondsEach:N1} µs of CPU each "
                + $"(store {applied[^1].StoreCpuMicrosecondsEach:N1}); one by one {oneByOne[^1].PerSecond:N0}");
        }

        await StoredEvents.RequireAsync(store.Uri, ProcessorsProcess.Database, (long)(WarmUps + runs) * EventsPerRun, cancellationToken);
        return new Measurement(Name, "events/s")
        {
            Runs = [.. applied.Select(run => run.PerSecond)],
            Peer = "one thread that inserts message by message into the same store, without idempotence or aggregates",
            PeerRuns = [.. oneByOne.Select(run => run.PerSecond)],
            Target = "value >= 30000, cpu_us_per_event <= 15",
            More =
            [
                // Of the Processors' process alone, all its threads; starting up and compiling is not in it.
                ("cpu_us_per_event", Rounding.Short(Median.Of(applied.Select(run => run.CpuMicrosecondsEach)))),
                ("cpu_us_per_event_runs", Rounding.Short(applied.Select(run => run.CpuMicrosecondsEach))),
                ("store_cpu_us_per_event", Rounding.Short(Median.Of(applied.Select(run => run.StoreCpuMicrosecondsEach)))),
                ("peer_cpu_us_per_event", Rounding.Short(Median.Of(oneByOne.Select(run => run.CpuMicrosecondsEach)))),
                ("events_per_run", EventsPerRun),
                ("partitions", Partitions),
            ],
        };
    }

    private static async Task<ApplyRun> ApplyAsync(
        TopicFiller filler, SensorFleet fleet, ProcessorsProcess processors, DevMongoProcess store, CancellationToken cancellationToken)
    {
        var before = await processors.AppliedAsync(cancellationToken);
        var messages = filler.Encode(fleet, EventsPerRun);
        GC.Collect();
        var (started, cpu, storeCpu) = (Stopwatch.GetTimestamp(), processors.CpuTime, store.CpuTime);
        var producing = Task.Run(() => filler.Produce(messages), cancellationToken);
        var applied = await WaitAsync(processors, before + EventsPerRun, cancellationToken);
        var run = new ApplyRun(EventsPerRun, Stopwatch.GetElapsedTime(started), processors.CpuTime - cpu, store.CpuTime - storeCpu);
        await producing;
        return applied == before + EventsPerRun
            ? run
            : throw new BenchException($"{applied - before} events were applied, not the {EventsPerRun} that were sent.");
    }

    private static async Task<long> WaitAsync(ProcessorsProcess processors, long applied, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var now = await processors.AppliedAsync(cancellationToken);
            if (now >= applied)
                return now;

            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new BenchException($"after {Patience.TotalSeconds} s {now} events were applied, not {applied}.");

            await Task.Delay(PollInterval, cancellationToken);
        }
    }
}
