using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using IotBus.DevHost.Terminal;
using IotBus.DevHost.Up;
using IotBus.Testing;

namespace IotBus.DevHost.Tests.Up;

/// <summary>The embedded broker drops what is old; an acknowledged event must not be among it.</summary>
public sealed class BacklogTests
{
    private static readonly HttpClient Http = new() { DefaultRequestHeaders = { { "apikey", "iotbus-dev-key" } } };

    // Ports that the system chooses.
    private static readonly UpOptions Options = new(Simulator: false, 0, 0, 0, 0);

    private readonly LiveLine _line = new(TextWriter.Null, inPlace: false, TimeSpan.FromSeconds(1), TimeProvider.System);

    [Fact]
    public async Task What_was_acknowledged_while_the_processors_stood_still_is_applied_once_they_start()
    {
        await using var servers = await Servers.StartAsync(null, null, CancellationToken.None);
        await using var api = DevelopmentSystem.Api(Options, servers, _line);
        await api.StartAsync();
        var events = new Uri(new Uri(api.Urls.First()), "/events");

        var accepted = 0;
        HttpStatusCode status;
        TimeSpan? retryAfter;
        do
        {
            using var answer = await Http.PostAsync(events, Batch(2_000));
            accepted += (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accepted").GetInt32();
            (status, retryAfter) = (answer.StatusCode, answer.Headers.RetryAfter?.Delta);
        }
        while (status == HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.True(retryAfter > TimeSpan.Zero);

        await using var processors = DevelopmentSystem.Processors(Options, servers, _line);
        await using var reporting = DevelopmentSystem.Reporting(Options, servers, _line);
        await Task.WhenAll(processors.StartAsync(), reporting.StartAsync());
        var averages = new Uri(new Uri(reporting.Urls.First()), "/metrics/temperature/average-by-zone");

        await Eventually.TrueAsync(async () => await SamplesAsync(averages) == accepted, TimeSpan.FromMinutes(2));
        await Eventually.TrueAsync(async () => (await Http.PostAsync(events, Batch(1))).StatusCode == HttpStatusCode.OK);
    }

    /// <summary>All of one device, so that one partition is filled as fast as can be.</summary>
    private static StringContent Batch(int count)
    {
        var lines = Enumerable.Range(0, count).Select(_ =>
            $$"""{"type":"telemetry","event_id":"{{Guid.NewGuid()}}","device_id":"press-1","zone_id":"hall-1","temperature":21.5,"humidity":40}""");
        return new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
    }

    private static async Task<int> SamplesAsync(Uri averages)
    {
        using var answer = await Http.GetAsync(averages);
        return answer.IsSuccessStatusCode
            ? (await answer.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray().Sum(zone => zone.GetProperty("samples").GetInt32())
            : -1;
    }
}
