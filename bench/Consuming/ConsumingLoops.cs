using System.Text.Json;
using System.Text.Json.Serialization;
using IotBus.Bench.Processes;

namespace IotBus.Bench.Consuming;

/// <summary>A process that consumes a topic on request, by the rider or by a raw loop: one line in, one line of JSON out.</summary>
internal static class ConsumingLoops
{
    public const string Role = "consuming-loops";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static ChildProcess Start(string bootstrapServers, string topic, int count) =>
        ChildProcess.StartRole(Role, bootstrapServers, topic, $"{count}");

    /// <summary>Lets the process consume the whole topic once, as a new group.</summary>
    public static async Task<ConsumingResult> ConsumeAsync(ChildProcess loops, string loop, CancellationToken cancellationToken)
    {
        await loops.WriteLineAsync(loop, cancellationToken);
        try
        {
            var line = await loops.ReadLineAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
            return JsonSerializer.Deserialize(line, ConsumingJsonContext.Default.ConsumingResult)!;
        }
        catch (TimeoutException)
        {
            throw new BenchException($"the loop {loop} did not consume the topic within {Patience.TotalSeconds} s.");
        }
    }

    /// <summary>Serves requests until its input ends.</summary>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var (bootstrapServers, topic, count) = (args[0], args[1], int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture));
        while (await Console.In.ReadLineAsync(cancellationToken) is { } loop)
        {
            var group = $"bench-{loop}-{Guid.NewGuid():N}";
            GC.Collect();
            var clock = new ConsumingClock(count);
            switch (loop)
            {
                case RiderLoop.Name:
                    await RiderLoop.RunAsync(bootstrapServers, topic, group, clock, cancellationToken);
                    break;
                case MessageLoop.NameOf1 or MessageLoop.NameOf10 or MessageLoop.NameOf100:
                    await MessageLoop.RunAsync(bootstrapServers, topic, group, MessageLoop.ConcurrencyOf(loop), clock, cancellationToken);
                    break;
                case RawLoop.Name:
                    RawLoop.Run(bootstrapServers, topic, group, clock, deserialize: true, cancellationToken);
                    break;
                case RawLoop.NameOfBytes:
                    RawLoop.Run(bootstrapServers, topic, group, clock, deserialize: false, cancellationToken);
                    break;
                default:
                    throw new BenchException($"there is no loop {loop}.");
            }

            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(await clock.Done, ConsumingJsonContext.Default.ConsumingResult));
        }

        return 0;
    }
}

/// <summary>What one pass over the topic took.</summary>
/// <param name="Messages">How many there were.</param>
/// <param name="Seconds">From the start of the loop to the last one.</param>
/// <param name="FirstSeconds">From the start of the loop to the first one: connecting and joining the group.</param>
/// <param name="CpuSeconds">Of the whole process meanwhile, the client's threads included.</param>
/// <param name="AllocatedBytes">On the managed heap of the whole process meanwhile, starting the bus included.</param>
internal sealed record ConsumingResult(int Messages, double Seconds, double FirstSeconds, double CpuSeconds, long AllocatedBytes)
{
    [JsonIgnore]
    public double BytesEach => (double)AllocatedBytes / Messages;

    [JsonIgnore]
    public double PerSecond => Messages / Seconds;

    [JsonIgnore]
    public double CpuMicrosecondsEach => CpuSeconds * 1e6 / Messages;
}

[JsonSerializable(typeof(ConsumingResult))]
internal sealed partial class ConsumingJsonContext : JsonSerializerContext;
