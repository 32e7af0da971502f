namespace IotBus.DevHost.Tests.Script;

public sealed class ScriptTests
{
    [Theory]
    [InlineData("help")]
    [InlineData("--help")]
    [InlineData]
    public async Task Help_names_every_command(params string[] args)
    {
        var (exitCode, output, error) = await Script.RunAsync(args);

        Assert.Equal(0, exitCode);
        Assert.Empty(error);
        Assert.All(["up", "replay FILE", "dlq list", "dlq show", "dlq replay", "dlq drop", "test [NAME…]", "bench [NAME…]", "setup"], command => Assert.Contains("\n  " + command, output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_command_is_an_error_that_shows_the_help()
    {
        var (exitCode, output, error) = await Script.RunAsync("dance");

        Assert.Equal(64, exitCode);
        Assert.Empty(output);
        Assert.StartsWith("iotbus: there is no command dance.", error, StringComparison.Ordinal);
        Assert.Contains("Usage: ./iotbus COMMAND", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_test_suite_is_named_with_those_that_exist()
    {
        var (exitCode, _, error) = await Script.RunAsync("test", "nothing");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("there is no test suite nothing. These are: devmongo ", error, StringComparison.Ordinal);
        Assert.Contains("DevHost.Tests", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_root_the_exact_command_that_installs_everything_missing_is_printed_and_nothing_is_done()
    {
        using var machine = new BareMachine();

        var (exitCode, output, error) = await machine.RunWithoutRootAsync("setup");

        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        Assert.Equal(
            "iotbus: this needs Debian packages that are not installed. Run this, then try again:\n"
            + "  sudo apt-get install -y --no-install-recommends gcc g++ make libc6-dev libssl-dev zlib1g-dev libzstd-dev libmongoc-1.0-0\n",
            error);
    }
}
