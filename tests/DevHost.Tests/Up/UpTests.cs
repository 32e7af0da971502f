using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using IotBus.DevHost.Tests.Replay;
using IotBus.Testing;

namespace IotBus.DevHost.Tests.Up;

public sealed partial class UpTests
{
    private static readonly HttpClient Http = new() { DefaultRequestHeaders = { { "apikey", "iotbus-dev-key" } } };

    [Fact]
    public async Task The_line_that_it_shows_works_when_pasted_and_Ctrl_C_leaves_no_process_behind()
    {
        await using var up = await UpProcess.StartAsync("--no-simulator");
        var curl = Curl().Match(up.Output);
        Assert.True(curl.Success, up.Output);

        using var answer = await Http.PostAsync(curl.Groups["url"].Value, new StringContent(curl.Groups["body"].Value, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Eventually.TrueAsync(async () => (await Http.GetAsync(new Uri(up.Reporting, "devices/sensor-42"))).IsSuccessStatusCode);
        var zones = await Http.GetFromJsonAsync<JsonElement>(new Uri(up.Reporting, "metrics/temperature/average-by-zone"));
        Assert.Equal("warehouse-A", zones[0].GetProperty("_id").GetString());
        Assert.Equal(1, zones[0].GetProperty("samples").GetInt32());

        var children = up.Children();
        await up.InterruptAsync();

        Assert.Equal(0, up.ExitCode);
        Assert.EndsWith("Stopped.", up.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.NotEmpty(children);
        Assert.DoesNotContain(children, UpProcess.IsRunning);
    }

    [Fact]
    public async Task A_replay_is_applied_once_however_often_it_is_done()
    {
        await using var up = await UpProcess.StartAsync("--no-simulator");
        var path = await ReplayRun.GzipAsync(ReplayRun.Rows(5_000, devices: 20));

        var (_, first) = await ReplayRun.RunFileAsync(up.Api, path, o => o with { Reporting = up.Reporting, Processors = up.Processors });
        var (_, second) = await ReplayRun.RunFileAsync(up.Api, path, o => o with { Reporting = up.Reporting, Processors = up.Processors });

        File.Delete(path);
        Assert.True(Regex.IsMatch(first, "applied +5,000 "), first);
        Assert.Matches(@"applied +0\n", second);
        Assert.Matches(@"duplicates +5,000 ", second);
    }

    [Fact]
    public async Task The_simulated_devices_send_what_is_taken_what_is_repeated_and_what_is_rejected()
    {
        await using var up = await UpProcess.StartAsync();

        var metrics = await Eventually.ValueAsync(
            () => Http.GetStringAsync(new Uri(up.Processors, "metrics")),
            text => Duplicates().IsMatch(text),
            TimeSpan.FromMinutes(2));

        Assert.DoesNotMatch(@"iotbus_dead_letters_total\S* [1-9]", metrics);
        Assert.Contains("50 simulated", up.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_store_ends_with_it_when_it_is_killed()
    {
        await using var up = await UpProcess.StartAsync("--no-simulator");
        var children = up.Children();

        await up.KillAsync();

        Assert.NotEmpty(children);
        await Eventually.TrueAsync(() => !children.Exists(UpProcess.IsRunning));
    }

    [Fact]
    public async Task It_stops_and_says_why_when_its_store_has_died()
    {
        await using var up = await UpProcess.StartAsync("--no-simulator");
        using (var store = Process.GetProcessById(Assert.Single(up.Children())))
            store.Kill();

        await up.ExitAsync();

        Assert.Equal(1, up.ExitCode);
        Assert.Contains("The MongoDB stand-in has stopped by itself, so everything stops.", up.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_none_is_named_and_nothing_is_started()
    {
        await using var up = await UpProcess.RunAsync("nonsense", ["--no-simulator", .. UpProcess.FreePorts()]);

        Assert.Equal(64, up.ExitCode);
        Assert.Contains("iotbus: MONGODB_URI: ", up.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", up.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_said_before_anything_is_started()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await using var up = await UpProcess.RunAsync("--port", $"{port}");

        Assert.Equal(64, up.ExitCode);
        Assert.Equal($"iotbus: Port {port}, for the Api, is taken. Choose another one with --port N.", up.Output.Trim());
    }

    [GeneratedRegex("curl -X POST -H 'apikey: iotbus-dev-key' -H 'Content-Type: application/json' -d '(?<body>[^']+)' (?<url>\\S+)")]
    private static partial Regex Curl();

    [GeneratedRegex("(?m)^iotbus_events_duplicate_total [1-9]")]
    private static partial Regex Duplicates();
}
