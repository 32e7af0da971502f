using System.Globalization;

namespace IotBus.Bench.Soak;

/// <summary>Runs the soak that the command line asks for: one JSON line on standard output, progress on standard error.</summary>
internal static class SoakCommand
{
    public const string Name = "soak";

    // glibc's, of all processes that are started, as in the images. With more arenas their memory grows for hours although nothing is leaked.
    private const string Arenas = "MALLOC_ARENA_MAX";

    /// <returns>0, or 1 when a message was lost.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var (minutes, rate) = (10, 20_000);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--minutes":
                    minutes = Number(args, ++i, most: 24 * 60);
                    break;
                case "--rate":
                    rate = Number(args, ++i, most: 1_000_000);
                    break;
                default:
                    throw new BenchException($"soak does not know {args[i]}: it takes --minutes N and --rate N.");
            }
        }

        if (Environment.GetEnvironmentVariable(Arenas) is null)
            Environment.SetEnvironmentVariable(Arenas, "2");

        var duration = TimeSpan.FromMinutes(minutes);
        var topic = $"soak-{Guid.NewGuid():N}";
        var keys = $"{topic}-keys";
        await Console.Error.WriteLineAsync($"{Name}: {minutes} minutes at {rate:N0} messages/s");
        await using var broker = await SoakBroker.StartAsync([topic, keys], SoakRun.Partitions, cancellationToken);
        SoakResult result;
        await using (var run = new SoakRun(broker, topic, keys, rate, duration))
            result = await run.RunAsync(cancellationToken);

        await Console.Out.WriteLineAsync(result.ToJson(rate, duration));
        return result.NothingLost ? 0 : 1;
    }

    private static int Number(string[] args, int index, int most) =>
        index < args.Length && int.TryParse(args[index], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw new BenchException($"{args[index - 1]} takes a number from 1 to {most}.");
}
