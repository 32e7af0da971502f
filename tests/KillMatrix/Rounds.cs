using System.Globalization;
using Xunit.Abstractions;

namespace IotBus.KillMatrix;

/// <summary>How often the matrix runs: once, or as often as <c>IOTBUS_KILL_ROUNDS</c> says.</summary>
internal static class Rounds
{
    private static int _kills;

    /// <summary>Runs the rounds of a scenario, and tells of each how often a host was killed.</summary>
    public static async Task RunAsync(string scenario, ITestOutputHelper output, Func<Task<int>> round)
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("IOTBUS_KILL_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var set) ? set : 1;
        Assert.InRange(rounds, 1, 10_000);
        for (var number = 1; number <= rounds; number++)
        {
            var kills = await round();
            var all = Interlocked.Add(ref _kills, kills);
            var line = $"{DateTimeOffset.UtcNow:HH:mm:ss} {scenario}: round {number} of {rounds}, {kills} kills; {all} kills in all";
            output.WriteLine(line);

            // A test's output is shown when it has ended; many rounds are worth following.
            if (Environment.GetEnvironmentVariable("IOTBUS_KILL_LOG") is { Length: > 0 } log)
                await File.AppendAllTextAsync(log, line + "\n");
        }
    }
}
