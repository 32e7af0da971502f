using IotBus.DevHost.CommandLine;
using IotBus.DevHost.Replay;

namespace IotBus.DevHost.Tests.Replay;

public sealed class ReplayOptionsTests
{
    [Fact]
    public void A_file_is_all_it_needs()
    {
        var options = ReplayOptions.Parse(["readings.csv"]);

        Assert.Equal("readings.csv", options.File);
        Assert.Equal(1, options.Speed);
        Assert.Equal(2_000, options.Batch);
        Assert.False(options.KeepTime);
        Assert.Equal(new Uri("http://127.0.0.1:8080/"), options.Api);
    }

    [Fact]
    public void Options_stand_before_or_behind_the_file_with_a_space_or_an_equals_sign()
    {
        var options = ReplayOptions.Parse(["--speed", "max", "f.csv", "--batch=50", "--keep-time", "--url", "https://bus.example/iot", "--map", "zone_id=:a", "--map=device_id=b"]);

        Assert.Null(options.Speed);
        Assert.Equal(50, options.Batch);
        Assert.True(options.KeepTime);
        Assert.Equal(new Uri("https://bus.example/iot/"), options.Api);
        Assert.Equal(2, options.Mapping.Count);
    }

    [Theory]
    [InlineData("", "replay needs a file.")]
    [InlineData("a b", "replay takes one file.")]
    [InlineData("f --speed 0", "--speed takes a positive number, or max, not \"0\".")]
    [InlineData("f --speed fast", "--speed takes a positive number, or max, not \"fast\".")]
    [InlineData("f --speed NaN", "--speed takes a positive number, or max, not \"NaN\".")]
    [InlineData("f --batch 50001", "--batch takes a whole number from 1 to 50000, not \"50001\".")]
    [InlineData("f --interval -1", "--interval takes seconds, 0.001 to 86400, not \"-1\".")]
    [InlineData("f --url localhost:8080", "--url takes an address such as http://127.0.0.1:8080, not \"localhost:8080\".")]
    [InlineData("f --loud", "There is no option --loud.")]
    [InlineData("f --speed", "--speed needs a value.")]
    public void What_makes_no_sense_is_refused(string args, string expected)
    {
        var e = Assert.Throws<UsageException>(() => ReplayOptions.Parse(args.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        Assert.Equal(expected, e.Message);
    }
}
