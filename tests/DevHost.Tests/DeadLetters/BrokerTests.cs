using IotBus.DevHost.CommandLine;
using IotBus.DevHost.DeadLetters;
using IotBus.DevHost.Up;

namespace IotBus.DevHost.Tests.DeadLetters;

/// <summary>Which Kafka is asked, and how it is found.</summary>
public sealed class BrokerTests : IDisposable
{
    private static readonly RunningSystem One = new(11, DateTimeOffset.UnixEpoch, "127.0.0.1:1111");
    private static readonly RunningSystem Other = new(22, DateTimeOffset.UnixEpoch, "127.0.0.1:2222");

    private readonly string _folder = Directory.CreateTempSubdirectory("iotbus-broker-").FullName;

    [Fact]
    public void What_is_named_goes_before_what_is_found()
    {
        var file = Write("security.protocol=SASL_SSL\nbootstrap.servers = file:1\n");

        Assert.Equal("named:1", Choose(["--kafka", "named:1", "--kafka-config", file], "environment:1", One).BootstrapServers);
        Assert.Equal("file:1", Choose(["--kafka-config", file], "environment:1", One).BootstrapServers);
        Assert.Equal("environment:1", Choose([], "environment:1", One).BootstrapServers);
        var found = Choose([], "", One);
        Assert.Equal(("127.0.0.1:1111", ", of the ./iotbus up that runs here (process 11)"), (found.BootstrapServers, found.Origin));
    }

    [Fact]
    public void Where_none_or_several_run_it_says_what_to_name()
    {
        Assert.Equal(
            "There is no Kafka to ask: no ./iotbus up of this checkout runs. Name one with --kafka host:port or in KAFKA_BOOTSTRAP_SERVERS.",
            Assert.Throws<UsageException>(() => Choose([], null)).Message);
        Assert.Equal(
            "More than one ./iotbus up runs here. Choose with --kafka 127.0.0.1:1111 (process 11) or --kafka 127.0.0.1:2222 (process 22).",
            Assert.Throws<UsageException>(() => Choose([], null, One, Other)).Message);
    }

    [Fact]
    public void Properties_are_names_and_values_and_comments()
    {
        var file = Write("# for the test\n\nsecurity.protocol=SASL_SSL\n sasl.password = a=b \n");

        var properties = Choose(["--kafka", "h:1", "--kafka-config", file], null).Properties;

        Assert.Equal([("sasl.password", "a=b"), ("security.protocol", "SASL_SSL")], properties.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => (p.Key, p.Value)));
    }

    [Fact]
    public void A_file_that_holds_no_properties_is_named_and_its_passwords_are_not()
    {
        var bad = Write("a=1\nsecret");
        var large = Write(new string('#', 70_000));

        Assert.Equal($"{bad}, line 2: a property is written name=value.", Refused(bad));
        Assert.Equal($"{large} is larger than 65,536 bytes: that is no file of Kafka properties.", Refused(large));
        Assert.StartsWith("/no/such/file cannot be read: ", Refused("/no/such/file"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_running_system_is_found_until_it_stops_by_its_user_only()
    {
        using (RunningSystem.Announce(_folder, "127.0.0.1:3333"))
        {
            var found = Assert.Single(RunningSystem.Find(_folder));
            Assert.Equal(("127.0.0.1:3333", Environment.ProcessId), (found.Kafka, found.ProcessId));
            var file = Assert.Single(Directory.GetFiles(_folder));
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }

        Assert.Empty(RunningSystem.Find(_folder));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void What_a_killed_system_left_is_not_found_and_goes_with_the_next_start()
    {
        var mine = $$"""{"ProcessId":{{Environment.ProcessId}},"Started":"2001-01-01T00:00:00Z","Kafka":"127.0.0.1:1"}""";
        foreach (var (name, content) in ((string, string)[])[
            ("up-1.json", """{"ProcessId":2147483647,"Started":"2026-01-01T00:00:00Z","Kafka":"127.0.0.1:1"}"""), ("up-2.json", mine), ("up-3.json", "{"), ("up-4.json", "null")])
        {
            File.WriteAllText(Path.Combine(_folder, name), content);
        }

        Assert.Empty(RunningSystem.Find(_folder));
        using var announced = RunningSystem.Announce(_folder, "127.0.0.1:3333");

        Assert.Equal("127.0.0.1:3333", Assert.Single(RunningSystem.Find(_folder)).Kafka);
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Without_a_folder_nothing_is_written_and_nothing_found()
    {
        Assert.Null(RunningSystem.Announce(null, "127.0.0.1:1"));
        Assert.Empty(RunningSystem.Find(null));
        Assert.Empty(RunningSystem.Find(Path.Combine(_folder, "none")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Refused(string file) => Assert.Throws<UsageException>(() => Choose(["--kafka-config", file], null)).Message;

    private static Broker Choose(string[] args, string? environment, params RunningSystem[] running) =>
        Broker.Choose(DlqOptions.Parse(["list", .. args], DateTimeOffset.UtcNow), environment, running);

    private string Write(string content)
    {
        var path = Path.Combine(_folder, $"{Guid.NewGuid():N}.properties");
        File.WriteAllText(path, content);
        return path;
    }
}
