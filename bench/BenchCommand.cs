using System.Globalization;
using IotBus.Bench.Applying;
using IotBus.Bench.Consuming;
using IotBus.Bench.Delivering;
using IotBus.Bench.Ingestion;
using IotBus.Bench.Producing;
using IotBus.Bench.Reports;

namespace IotBus.Bench;

/// <summary>Runs the benchmarks that the command line names, or all: a JSON line each on standard output, progress on standard error.</summary>
internal static class BenchCommand
{
    private static readonly IBenchmark[] All =
    [
        new SingleEventBenchmark(),
        new BatchBenchmark(),
        new RiderBenchmark("rider_batch", RiderLoop.Name, "ratio >= 0.85"),
        new RiderBenchmark("rider_message_1", MessageLoop.NameOf1, "no target"),
        new RiderBenchmark("rider_message_10", MessageLoop.NameOf10, "no target"),
        new RiderBenchmark("rider_message_100", MessageLoop.NameOf100, "ratio >= 0.55, at most 3,000 bytes a message"),
        new ProduceBenchmark(),
        new ApplyBenchmark(),
        new DeliveryBenchmark(OutboxProcess.Bus, byAnother: false),
        new DeliveryBenchmark(OutboxProcess.Bus, byAnother: true),
        new DeliveryBenchmark(OutboxProcess.Kafka, byAnother: false),
        new DeliveryBenchmark(OutboxProcess.Kafka, byAnother: true),
    ];

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var runs = 5;
        var chosen = new List<IBenchmark>();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--runs")
                runs = Runs(i + 1 < args.Length ? args[++i] : "");
            else
                chosen.AddRange(Find(args[i]));
        }

        foreach (var benchmark in chosen.Count == 0 ? [.. All] : chosen)
        {
            await Console.Error.WriteLineAsync($"{benchmark.Name}: {runs} runs");
            var measurement = await benchmark.MeasureAsync(runs, cancellationToken);
            await Console.Out.WriteLineAsync(measurement.ToJson());
        }

        return 0;
    }

    private static int Runs(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var runs) && runs is >= 1 and <= 100
            ? runs
            : throw new BenchException("--runs takes a number from 1 to 100.");

    /// <summary>The benchmark of this name, or those whose names begin with it and an underscore.</summary>
    private static IBenchmark[] Find(string name)
    {
        var found = Array.FindAll(All, benchmark => benchmark.Name == name || benchmark.Name.StartsWith(name + "_", StringComparison.Ordinal));
        return found.Length > 0
            ? found
            : throw new BenchException($"there is no benchmark {name}. These are: {string.Join(' ', All.Select(benchmark => benchmark.Name))}");
    }
}
