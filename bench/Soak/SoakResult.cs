using System.Text.Json.Nodes;
using IotBus.Bench.Reports;

namespace IotBus.Bench.Soak;

/// <summary>What a soak found.</summary>
/// <param name="Produced">Messages that were acknowledged.</param>
/// <param name="Producing">How long that took.</param>
/// <param name="Kills">How many members were killed.</param>
/// <param name="Groups">What each group got.</param>
/// <param name="Memory">What became of the memory of the processes that lived through it.</param>
internal sealed record SoakResult(
    long Produced, TimeSpan Producing, int Kills, IReadOnlyList<GroupTotals> Groups, IReadOnlyList<MemorySlopes> Memory)
{
    /// <summary>MiB a minute that a process may grow.</summary>
    public const double MostSlope = 1;

    /// <summary>The share of the rate that is to be reached: a pause of the machine at the end cannot be made up for.</summary>
    private const double RateReached = 0.99;

    public double PerSecond => Produced / Producing.TotalSeconds;

    public bool NothingLost => Produced > 0 && Groups.All(group => group.Lost == 0);

    /// <summary>Whether the target is met.</summary>
    public bool IsMet(int rate) =>
        NothingLost
        && PerSecond >= rate * RateReached
        && Groups.All(group => group.DuplicatesOfCommitted == 0)
        && Memory.All(process => process.ResidentSlope <= MostSlope && process.HeapSlope <= MostSlope);

    /// <summary>One line of JSON.</summary>
    public string ToJson(int rate, TimeSpan duration) => Measurement.ToLine(new JsonObject
    {
        ["name"] = SoakCommand.Name,
        ["value"] = Rounding.Short(PerSecond),
        ["unit"] = "messages/s",
        ["target"] = $"{rate} messages/s, nothing lost, nothing again that was committed, memory slope <= {MostSlope} MiB a minute",
        ["verdict"] = IsMet(rate) ? "met" : "missed",
        ["produced"] = Produced,
        ["seconds"] = Rounding.Short(Producing.TotalSeconds),
        ["killed"] = Kills,
        ["groups"] = new JsonArray([.. Groups.Select(group => new JsonObject
        {
            ["group"] = group.Group,
            ["lost"] = group.Lost,
            ["duplicates"] = group.Duplicates,
            ["duplicates_of_committed"] = group.DuplicatesOfCommitted,
        })]),
        ["memory"] = new JsonArray([.. Memory.Select(process => new JsonObject
        {
            ["process"] = process.Process,
            ["rss_mib"] = Rounding.Short(process.Resident),
            ["rss_mib_per_minute"] = Rounding.Short(process.ResidentSlope),
            ["heap_mib"] = Rounding.Short(process.Heap),
            ["heap_mib_per_minute"] = Rounding.Short(process.HeapSlope),
        })]),
        ["slope_window"] = $"least squares over samples every 5 s, from {duration.TotalSeconds / 2:0} s to the last",
        ["partitions"] = SoakRun.Partitions,
        ["machine"] = Machine.Describe(),
    });
}
