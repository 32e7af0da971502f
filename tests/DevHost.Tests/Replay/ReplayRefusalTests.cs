using IotBus.DevHost.Replay;
using Microsoft.AspNetCore.Http;

namespace IotBus.DevHost.Tests.Replay;

/// <summary>A replay whose requests are refused, in whole or in part.</summary>
public sealed class ReplayRefusalTests : IAsyncLifetime
{
    private FakeSystem _system = null!;

    public async Task InitializeAsync() => _system = await FakeSystem.StartAsync();

    public async Task DisposeAsync() => await _system.DisposeAsync();

    [Fact]
    public async Task What_was_not_acknowledged_is_sent_again_with_the_same_identifiers()
    {
        _system.Refuse = request => request switch
        {
            1 => new Refusal(503, "0"),
            2 => new Refusal(429, "0"),
            3 => new Refusal(503, "Thu, 01 Jan 1970 00:00:00 GMT"),
            _ => null,
        };

        var (exitCode, output) = await ReplayRun.RunAsync(_system, ReplayRun.Rows(20, devices: 1));

        Assert.Equal(0, exitCode);
        Assert.Equal(4, _system.Requests);
        Assert.Contains("The Api answers 503. Trying again in 0 s.", output, StringComparison.Ordinal);
        Assert.Matches(@"applied +20 ", output);
    }

    [Fact]
    public async Task The_replay_gives_up_when_the_system_never_takes_a_request()
    {
        _system.Refuse = _ => new Refusal(503, "30");

        var (exitCode, output) = await ReplayRun.RunAsync(_system, ReplayRun.Rows(20), o => o with { Patience = TimeSpan.FromSeconds(1) });

        Assert.Equal(1, exitCode);
        Assert.Contains("The Api answers 503. Gave up", output, StringComparison.Ordinal);
        Assert.Contains("0 of 20 rows", output, StringComparison.Ordinal);
        Assert.Contains("not known: the replay did not end", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_key_ends_the_replay_with_the_answer()
    {
        _system.Refuse = _ => new Refusal(401, null);

        var (exitCode, output) = await ReplayRun.RunAsync(_system, ReplayRun.Rows(20));

        Assert.Equal(1, exitCode);
        Assert.Contains("401 {\"message\":\"refused\"} Give a key", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_does_not_add_up_ends_the_replay()
    {
        _system.Refuse = _ => Results.Json(new { accepted = 3, rejected = 0 });

        var (exitCode, output) = await ReplayRun.RunAsync(_system, ReplayRun.Rows(20, devices: 1));

        Assert.Equal(1, exitCode);
        Assert.Contains("does not add up: 20 of the lines are missing in it", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_what_was_not_acknowledged_of_a_batch_is_sent_again()
    {
        // Of 20 lines the first request takes lines 1 to 10 but for 3 and 4, rejects 5, and does not look at the rest.
        _system.Refuse = request => request == 1
            ? Results.Json(
                new
                {
                    accepted = 7,
                    rejected = 1,
                    unacknowledged = 2,
                    resume_from_line = 11,
                    errors = new object[] { new { line = 3, error = "late", retry = true }, new { line = 4, error = "late", retry = true }, new { line = 5, error = "odd" } },
                },
                statusCode: 503)
            : null;

        var (exitCode, output) = await ReplayRun.RunAsync(_system, ReplayRun.Rows(20, devices: 1));

        Assert.Equal(0, exitCode);
        Assert.Equal(12, _system.Lines.Count);
        Assert.Matches(@"accepted +19 ", output);
        Assert.Contains("line 6: odd", output, StringComparison.Ordinal);
        Assert.Equal([22.0, 23.0, 20.0], _system.Lines.Take(3).Select(line => line.GetProperty("temperature").GetDouble()));
    }

    [Fact]
    public async Task A_batch_of_which_every_line_is_rejected_is_an_answer_and_not_a_refusal()
    {
        _system.Refuse = _ => Results.Json(
            new { accepted = 0, rejected = 2, errors = new object[] { new { line = 1, error = "odd" }, new { line = 2, error = "odder" } } }, statusCode: 400);

        var (exitCode, output) = await ReplayRun.RunAsync(_system, ReplayRun.Rows(2, devices: 1));

        Assert.Equal(0, exitCode);
        Assert.Matches(@"rejected +2 ", output);
        Assert.Contains("line 3: odder", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_at_the_address_is_said_at_once()
    {
        var url = _system.Url;
        await _system.DisposeAsync();
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, ReplayRun.Rows(5));

        var (exitCode, output) = await ReplayRun.RunFileAsync(url, path);

        File.Delete(path);
        Assert.Equal(1, exitCode);
        Assert.Contains($"Nothing answers at {url}. Start the system with ./iotbus up", output, StringComparison.Ordinal);
    }
}
