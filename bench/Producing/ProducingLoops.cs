using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using IotBus.Bench.Processes;
using IotBus.Bench.Traffic;

namespace IotBus.Bench.Producing;

/// <summary>A process that produces on request, by the rider or by a raw loop: one line in, one line of JSON out.</summary>
internal static class ProducingLoops
{
    public const string Role = "producing-loops";

    /// <summary>How many messages wait for their acknowledgement at most.</summary>
    public const int Window = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static ChildProcess Start(string bootstrapServers, string topic, int count) =>
        ChildProcess.StartRole(Role, bootstrapServers, topic, $"{count}");

    /// <summary>Lets the process produce all messages once.</summary>
    public static async Task<ProducingResult> ProduceAsync(ChildProcess loops, string loop, CancellationToken cancellationToken)
    {
        await loops.WriteLineAsync(loop, cancellationToken);
        try
        {
            var line = await loops.ReadLineAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
            return JsonSerializer.Deserialize(line, ProducingJsonContext.Default.ProducingResult)!;
        }
        catch (TimeoutException)
        {
            throw new BenchException($"the loop {loop} did not produce its messages within {Patience.TotalSeconds} s.");
        }
    }

    /// <summary>Serves requests until its input ends.</summary>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var (bootstrapServers, topic, count) = (args[0], args[1], int.Parse(args[2], CultureInfo.InvariantCulture));
        var fleet = new SensorFleet(seed: 1, DateTimeOffset.UtcNow);
        var readings = Enumerable.Range(0, count).Select(_ => fleet.Next()).ToArray();
        while (await Console.In.ReadLineAsync(cancellationToken) is { } name)
        {
            await using IProducingLoop loop = name switch
            {
                RiderProducingLoop.Name => await RiderProducingLoop.StartAsync(bootstrapServers, topic, pipe: false, cancellationToken),
                RiderProducingLoop.NameWithPipe => await RiderProducingLoop.StartAsync(bootstrapServers, topic, pipe: true, cancellationToken),
                RawProducingLoop.Name => new RawProducingLoop(bootstrapServers, topic, headers: false),
                RawProducingLoop.NameWithHeaders => new RawProducingLoop(bootstrapServers, topic, headers: true),
                _ => throw new BenchException($"there is no loop {name}."),
            };

            // The connections are made, and the code is compiled, before the clock starts.
            await loop.ProduceAsync(readings[..Window]);
            GC.Collect();
            var (started, cpu, allocated) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
            await loop.ProduceAsync(readings);
            var result = new ProducingResult(
                count,
                Stopwatch.GetElapsedTime(started).TotalSeconds,
                (Environment.CpuUsage.TotalTime - cpu).TotalSeconds,
                GC.GetTotalAllocatedBytes() - allocated);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(result, ProducingJsonContext.Default.ProducingResult));
        }

        return 0;
    }
}
