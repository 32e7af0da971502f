using System.Net.Http.Json;
using System.Text.Json;
using IotBus.DevHost.Tests.Up;
using IotBus.DevHost.Up;
using IotBus.Testing;

namespace IotBus.DevHost.Tests.DeadLetters;

/// <summary>The commands beside a running system.</summary>
public sealed class DlqProcessTests
{
    private const string Topic = "sensor-telemetry";

    private static readonly HttpClient Http = new() { DefaultRequestHeaders = { { "apikey", "iotbus-dev-key" } } };

    [Fact]
    public async Task What_the_running_system_put_aside_is_found_shown_replayed_and_dropped()
    {
        await using var up = await UpProcess.StartAsync("--no-simulator");
        using var box = new LetterBox(Assert.Single(RunningSystem.Find(up.State)).Kafka);
        await box.SendAsync(Topic, "no JSON"u8.ToArray(), "press-1");

        Assert.Equal("malformed", await ReasonAsync(up));
        var shown = await DlqRun.ProcessAsync(up.State, "show", "--all");
        Assert.Equal((0, ""), (shown.ExitCode, shown.Error));
        Assert.Contains("group       iotbus-processors\n", shown.Output, StringComparison.Ordinal);
        Assert.Contains("    no JSON\n", shown.Output, StringComparison.Ordinal);

        // Nothing was mended, so it comes back as another letter.
        var replayed = await DlqRun.ProcessAsync(up.State, "replay", "--reason", "malformed", "--yes");
        Assert.Equal((0, "1 letter was replayed.\n", ""), (replayed.ExitCode, replayed.Output, replayed.Error));
        Assert.Equal("malformed", await ReasonAsync(up, handledBefore: 1));

        var dropped = await DlqRun.ProcessAsync(up.State, "drop", "--all", "--yes");
        Assert.Equal((0, "1 letter was dropped.\n"), (dropped.ExitCode, dropped.Output));
        var empty = await DlqRun.ProcessAsync(up.State, "list");
        Assert.Contains("There are no dead letters. 2 letters more were replayed or dropped before.", empty.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task However_often_an_event_is_replayed_it_is_applied_once()
    {
        await using var up = await UpProcess.StartAsync("--no-simulator");
        using var box = new LetterBox(Assert.Single(RunningSystem.Find(up.State)).Kafka);
        var id = Guid.NewGuid();
        var reading = $$"""
            {"event_id":"{{id}}","type":"telemetry","timestamp":"{{DateTimeOffset.UtcNow.AddMinutes(-1):yyyy-MM-ddTHH:mm:ssZ}}","device_id":"press-1","zone_id":"hall-1","temperature":21.5,"humidity":40}
            """;
        await box.PutAsync(Topic, reading, "store_was_wrong", "press-1", ("MessageId", id.ToString()));

        Assert.Equal("1 letter was replayed.\n", (await DlqRun.ProcessAsync(up.State, "replay", "--all", "--yes")).Output);
        await Eventually.TrueAsync(async () => await SamplesAsync(up) == 1);
        await box.PutAsync(Topic, reading, "store_was_wrong", "press-1", ("MessageId", id.ToString()));
        Assert.Equal("1 letter was replayed.\n", (await DlqRun.ProcessAsync(up.State, "replay", "--all", "--yes")).Output);

        await Eventually.TrueAsync(async () => (await Http.GetStringAsync(new Uri(up.Processors, "metrics"))).Contains("\niotbus_events_duplicate_total 1\n", StringComparison.Ordinal));
        Assert.Equal(1, await SamplesAsync(up));
    }

    [Fact]
    public async Task Where_no_system_runs_and_where_it_does_not_answer_it_is_said()
    {
        var state = Directory.CreateTempSubdirectory("iotbus-state-").FullName;

        var none = await DlqRun.ProcessAsync(state, "list");
        var silent = await DlqRun.ProcessAsync(state, "list", "--kafka", "127.0.0.1:1", "--timeout", "1");

        Directory.Delete(state);
        Assert.Equal((64, ""), (none.ExitCode, none.Output));
        Assert.StartsWith("iotbus: There is no Kafka to ask: no ./iotbus up of this checkout runs.", none.Error, StringComparison.Ordinal);
        Assert.Equal((1, ""), (silent.ExitCode, silent.Output));
        Assert.StartsWith("iotbus: Kafka at 127.0.0.1:1 did not answer within 1 s: ", silent.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_property_that_nobody_knows_is_named_with_its_file()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "no.such.property=1");

        var run = await DlqRun.ProcessAsync(Path.GetTempPath(), "list", "--kafka", "127.0.0.1:1", "--kafka-config", file);

        File.Delete(file);
        Assert.Equal((64, $"iotbus: {file}: No such configuration property: \"no.such.property\"\n"), (run.ExitCode, run.Error));
    }

    /// <summary>Waits until there is one letter, and tells its reason.</summary>
    private static async Task<string?> ReasonAsync(UpProcess up, int handledBefore = 0)
    {
        JsonElement list = default;
        await Eventually.TrueAsync(
            async () =>
            {
                list = JsonDocument.Parse((await DlqRun.ProcessAsync(up.State, "list", "--json")).Output).RootElement;
                return list.GetProperty("letters").GetInt32() == 1 && list.GetProperty("handled_before").GetInt32() == handledBefore;
            },
            TimeSpan.FromMinutes(1));
        return list.GetProperty("groups")[0].GetProperty("reason").GetString();
    }

    private static async Task<int> SamplesAsync(UpProcess up)
    {
        var zones = await Http.GetFromJsonAsync<JsonElement>(new Uri(up.Reporting, "metrics/temperature/average-by-zone"));
        return zones.EnumerateArray().Sum(zone => zone.GetProperty("samples").GetInt32());
    }
}
