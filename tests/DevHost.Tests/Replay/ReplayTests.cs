using System.Globalization;
using IotBus.DevHost.CommandLine;
using IotBus.DevHost.Replay;
using Microsoft.AspNetCore.Http;

namespace IotBus.DevHost.Tests.Replay;

public sealed class ReplayTests : IAsyncLifetime
{
    private FakeSystem _system = null!;

    public async Task InitializeAsync() => _system = await FakeSystem.StartAsync();

    public async Task DisposeAsync() => await _system.DisposeAsync();

    [Fact]
    public async Task Every_row_is_sent_once_as_a_telemetry_event()
    {
        var (exitCode, output) = await ReplayRun.RunAsync(_system, ReplayRun.Rows(500), o => o with { Batch = 100 });

        Assert.Equal(0, exitCode);
        Assert.Contains("500 of 500 rows", output, StringComparison.Ordinal);
        Assert.Matches(@"accepted +500 ", output);
        Assert.Matches(@"applied +500 ", output);
        Assert.Matches(@"duplicates +0\n", output);
        Assert.Equal(500, _system.Lines.Select(line => line.GetProperty("event_id").GetGuid()).Distinct().Count());
        Assert.All(_system.Lines, line => Assert.Equal("telemetry", line.GetProperty("type").GetString()));
        Assert.All(_system.Keys, key => Assert.Equal("iotbus-dev-key", key));
    }

    [Fact]
    public async Task A_second_replay_has_no_effect()
    {
        await ReplayRun.RunAsync(_system, ReplayRun.Rows(300));

        var (_, output) = await ReplayRun.RunAsync(_system, ReplayRun.Rows(300));

        Assert.Matches(@"accepted +300 ", output);
        Assert.Matches(@"applied +0\n", output);
        Assert.Matches(@"duplicates +300 ", output);
    }

    [Fact]
    public async Task Processors_that_only_just_start_are_waited_for()
    {
        await ReplayRun.RunAsync(_system, ReplayRun.Rows(30));
        _system.Unassigned = 2;

        var (_, output) = await ReplayRun.RunAsync(_system, ReplayRun.Rows(30));

        Assert.Matches(@"duplicates +30 ", output);
    }

    [Fact]
    public async Task A_file_and_its_gz_are_the_same_file()
    {
        await ReplayRun.RunAsync(_system, ReplayRun.Rows(50));
        var path = await ReplayRun.GzipAsync(ReplayRun.Rows(50));

        var (_, output) = await ReplayRun.RunFileAsync(_system.Url, path);

        File.Delete(path);
        Assert.Matches(@"duplicates +50 ", output);
    }

    [Fact]
    public async Task The_readings_of_a_device_arrive_in_the_order_of_the_file()
    {
        await ReplayRun.RunAsync(_system, ReplayRun.Rows(1000, devices: 7), o => o with { Batch = 10, InFlight = 3 });

        foreach (var device in _system.Lines.GroupBy(line => line.GetProperty("device_id").GetString()))
        {
            var times = device.Select(line => line.GetProperty("timestamp").GetDateTime()).ToList();
            Assert.Equal(times.Order(), times);
        }
    }

    [Fact]
    public async Task The_file_ends_now()
    {
        var before = DateTime.UtcNow;

        await ReplayRun.RunAsync(_system, ReplayRun.Rows(100));

        Assert.InRange(_system.Lines.Max(line => line.GetProperty("timestamp").GetDateTime()), before, DateTime.UtcNow);
    }

    [Fact]
    public async Task Rows_that_cannot_be_read_are_named_and_passed_over()
    {
        var content = ReplayRun.Rows(2) + "1458031648545,node-1,hall,warm,3\n\"open\n" + "1458031658545,node-1,hall,21,3\n";

        var (exitCode, output) = await ReplayRun.RunAsync(_system, content);

        Assert.Equal(0, exitCode);
        Assert.Matches(@"applied +3 ", output);
        Assert.Matches(@"unreadable +2 ", output);
        Assert.Contains("line 4: temperature is not a number: \"warm\"", output, StringComparison.Ordinal);
        Assert.Contains("line 5: a quote is opened and not closed", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_the_Api_rejects_are_named_by_their_line_in_the_file()
    {
        var content = ReplayRun.Header + string.Concat(Enumerable.Range(0, 60).Select(i => $"145803164854{i % 10},node-{i % 4},hall,20,{(i >= 30 ? 130 : 30)}\n"));

        var (exitCode, output) = await ReplayRun.RunAsync(_system, content, o => o with { Batch = 7 });

        Assert.Equal(0, exitCode);
        Assert.Matches(@"accepted +30 ", output);
        Assert.Matches(@"rejected +30 ", output);
        Assert.Contains("humidity must be 0 to 100", output, StringComparison.Ordinal);
        Assert.Contains("and 10 more", output, StringComparison.Ordinal);
        Assert.All(
            output.Split('\n').Where(line => line.StartsWith("    line ", StringComparison.Ordinal)),
            line => Assert.InRange(int.Parse(line["    line ".Length..line.IndexOf(':', StringComparison.Ordinal)], CultureInfo.InvariantCulture), 32, 61));
    }

    [Fact]
    public async Task When_the_reports_cannot_be_asked_the_summary_says_so_and_does_not_guess()
    {
        _system.ReportingAnswer = () => Results.StatusCode(503);

        var (exitCode, output) = await ReplayRun.RunAsync(_system, ReplayRun.Rows(10));

        Assert.Equal(0, exitCode);
        Assert.Matches(@"accepted +10 ", output);
        Assert.Matches(@"applied +not known: .*average-by-zone answers 503", output);
        Assert.Matches(@"duplicates +not known", output);
    }

    [Fact]
    public async Task A_file_without_times_is_spaced_by_the_interval()
    {
        var content = "mote,humidity,temperature\n" + string.Concat(Enumerable.Range(0, 10).Select(i => $"{i % 2},40,20\n"));

        var (_, output) = await ReplayRun.RunAsync(
            _system,
            content,
            o => o with { Mapping = ColumnMap.ParseMapping(["device_id=mote,zone_id=:hall-1"]), Interval = TimeSpan.FromMinutes(1) });

        var times = _system.Lines.Select(line => line.GetProperty("timestamp").GetDateTime()).Order().ToList();
        Assert.Equal(TimeSpan.FromMinutes(9), times[^1] - times[0]);
        Assert.All(_system.Lines, line => Assert.Equal("hall-1", line.GetProperty("zone_id").GetString()));
        Assert.Contains("The file records no time", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_recorded_pace_a_file_takes_its_recorded_time_over_the_speed()
    {
        var started = DateTime.UtcNow;

        // 20 s of readings, 40 times as fast.
        var (exitCode, _) = await ReplayRun.RunAsync(_system, ReplayRun.Rows(21), o => o with { Speed = 40 });

        Assert.Equal(0, exitCode);
        Assert.True(DateTime.UtcNow - started >= TimeSpan.FromSeconds(0.5));
        Assert.Equal(21, _system.Lines.Count);
    }

    [Fact]
    public async Task A_replay_that_is_stopped_tells_how_far_it_came()
    {
        using var stop = new CancellationTokenSource();
        _system.Refuse = _ =>
        {
            stop.Cancel();
            return new Refusal(503, "30");
        };

        var (exitCode, output) = await ReplayRun.RunAsync(_system, ReplayRun.Rows(10), cancellationToken: stop.Token);

        Assert.Equal(130, exitCode);
        Assert.Contains("Stopped.", output, StringComparison.Ordinal);
        Assert.Contains("0 of 10 rows", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty.")]
    [InlineData("a,b\n1,2\n", "no column device_id, zone_id, temperature, humidity. Its columns are: a, b.")]
    public async Task A_file_that_holds_no_readings_is_refused(string content, string expected)
    {
        var e = await Assert.ThrowsAsync<UsageException>(() => ReplayRun.RunAsync(_system, content));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_gz_is_refused()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, [0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);

        var e = await Assert.ThrowsAsync<UsageException>(() => ReplayRun.RunFileAsync(_system.Url, path));

        File.Delete(path);
        Assert.Contains("cannot be read", e.Message, StringComparison.Ordinal);
    }
}
