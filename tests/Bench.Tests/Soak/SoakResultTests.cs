using System.Text.Json;
using IotBus.Bench.Soak;

namespace IotBus.Bench.Tests.Soak;

public sealed class SoakResultTests
{
    private const int Rate = 20_000;

    private static readonly SoakResult Good = new(
        Produced: 1_200_000,
        Producing: TimeSpan.FromMinutes(1),
        Kills: 4,
        [new GroupTotals("batches", Lost: 0, Duplicates: 9_000, DuplicatesOfCommitted: 0)],
        [new MemorySlopes("producer", Resident: 120, ResidentSlope: 0.9, Heap: 20, HeapSlope: -0.2)]);

    [Fact]
    public void Duplicates_of_what_was_not_committed_are_no_fault()
    {
        Assert.True(Good.IsMet(Rate));
        Assert.True(Good.NothingLost);
    }

    [Fact]
    public void One_lost_message_fails_it()
    {
        var result = Good with { Groups = [Good.Groups[0] with { Lost = 1 }] };

        Assert.False(result.IsMet(Rate));
        Assert.False(result.NothingLost);
    }

    [Fact]
    public void A_duplicate_of_what_was_committed_misses_the_target() =>
        Assert.False((Good with { Groups = [Good.Groups[0] with { DuplicatesOfCommitted = 1 }] }).IsMet(Rate));

    [Fact]
    public void A_rate_that_was_not_reached_misses_the_target() => Assert.False((Good with { Produced = 1_100_000 }).IsMet(Rate));

    [Theory]
    [InlineData(1.1, 0)]
    [InlineData(0, 1.1)]
    public void Memory_that_grows_misses_the_target(double resident, double heap) =>
        Assert.False((Good with { Memory = [Good.Memory[0] with { ResidentSlope = resident, HeapSlope = heap }] }).IsMet(Rate));

    [Fact]
    public void A_soak_in_which_nothing_was_produced_proves_nothing() => Assert.False((Good with { Produced = 0 }).NothingLost);

    [Fact]
    public void It_is_told_in_one_line()
    {
        var line = Good.ToJson(Rate, TimeSpan.FromMinutes(1));

        var json = JsonDocument.Parse(line).RootElement;
        Assert.DoesNotContain('\n', line);
        Assert.Equal("met", json.GetProperty("verdict").GetString());
        Assert.Equal(20_000, json.GetProperty("value").GetDouble());
        Assert.Equal(9_000, json.GetProperty("groups")[0].GetProperty("duplicates").GetInt64());
        Assert.Equal(0.9, json.GetProperty("memory")[0].GetProperty("rss_mib_per_minute").GetDouble());
    }
}
