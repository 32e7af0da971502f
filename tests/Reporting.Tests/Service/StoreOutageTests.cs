using System.Net;
using System.Text.Json.Nodes;
using IotBus.Reporting.Tests.Fleet;
using IotBus.Testing;

namespace IotBus.Reporting.Tests.Service;

public sealed class StoreOutageTests : IAsyncLifetime
{
    private static readonly string[] Paths =
    [
        "/metrics/boots", "/metrics/alerts?zone=hall-1", "/metrics/activity/last7days", "/devices", "/devices/sensor-1", "/series/sensor-1",
    ];

    private readonly StoreFixture _store = new();
    private StoreGate _gate = null!;
    private ReportingHost _host = null!;

    public async Task InitializeAsync()
    {
        await _store.InitializeAsync();
        var database = await _store.SaveAsync(FleetEvent.Boot("sensor-1", "hall-1", "2026-05-10T08:00:00Z"));
        _gate = StoreGate.Before(_store.Uri);
        _host = await ReportingHost.StartAsync(
            _gate.Uri, database, settings: [("MongoDb:ServerSelectionTimeout", "00:00:00.500"), ("MongoDb:QueryTimeout", "00:00:01")]);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _gate.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task A_store_that_is_down_is_503_and_the_service_recovers_by_itself()
    {
        Assert.Equal("""{"total_device_boots":1}""", await _host.GetTextAsync("/metrics/boots"));

        await _gate.ShutAsync();
        await AssertUnavailableAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadinessAsync());

        _gate.Open();
        await Eventually.TrueAsync(async () => await ReadinessAsync() == HttpStatusCode.OK);
        Assert.Equal("""{"total_device_boots":1}""", await _host.GetTextAsync("/metrics/boots"));
        foreach (var path in Paths)
            await _host.GetTextAsync(path);
    }

    [Fact]
    public async Task A_store_that_accepts_and_says_nothing_is_503_too()
    {
        await _host.GetTextAsync("/metrics/boots");

        _gate.Silence();

        await AssertUnavailableAsync();
    }

    [Fact]
    public async Task A_service_that_starts_before_its_store_answers_once_it_is_there()
    {
        await _gate.ShutAsync();
        await using var host = await ReportingHost.StartAsync(_gate.Uri, settings: ("MongoDb:ServerSelectionTimeout", "00:00:00.500"));
        using (var early = await host.Client.GetAsync("/metrics/boots"))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);

        _gate.Open();

        await Eventually.TrueAsync(async () =>
        {
            using var answer = await host.Client.GetAsync("/metrics/boots");
            return answer.StatusCode == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task A_service_without_an_address_of_its_store_says_so_and_does_not_start()
    {
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => ReportingHost.StartAsync(uri: ""));

        Assert.Contains("MongoDb:Uri", exception.Message);
        Assert.Contains("MONGODB_URI", exception.Message);
    }

    private async Task AssertUnavailableAsync()
    {
        foreach (var path in Paths)
        {
            using var answer = await _host.Client.GetAsync(path);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal("5", answer.Headers.RetryAfter?.ToString());
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            Assert.Equal("The store does not answer.", JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["title"]!.GetValue<string>());
        }
    }

    private async Task<HttpStatusCode> ReadinessAsync()
    {
        using var client = new HttpClient { BaseAddress = _host.ManagementUrl };
        using var answer = await client.GetAsync("/health/ready");
        return answer.StatusCode;
    }
}
