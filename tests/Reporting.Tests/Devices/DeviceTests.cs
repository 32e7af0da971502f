using System.Net;
using System.Text.Json.Nodes;
using IotBus.Reporting.Tests.Fleet;
using IotBus.Reporting.Tests.Service;

namespace IotBus.Reporting.Tests.Devices;

public sealed class DeviceTests(StoreFixture store) : IClassFixture<StoreFixture>
{
    private static readonly FleetEvent[] Events =
    [
        FleetEvent.Boot("sensor-1", "hall-1", "2026-05-10T08:00:00Z", firmware: "1.4.2"),
        FleetEvent.Telemetry("sensor-1", "hall-2", "2026-05-10T09:00:00.125Z", 24.5, 45),
        FleetEvent.Update("sensor-1", "2026-05-10T09:30:00Z", "1.5.0"),
        FleetEvent.Alert("sensor-1", "2026-05-10T10:00:00Z", "critical", "E42"),
        FleetEvent.Boot("sensor-2", "hall-1", "2026-05-09T08:00:00Z", firmware: "1.4.2"),
        FleetEvent.Alert("sensor-3", "2026-05-10T07:00:00Z", "low", "E7"),
        FleetEvent.Boot("sensor-4", "hall-1", "2026-05-10T06:00:00Z", firmware: "1.5.0"),
        FleetEvent.Boot("sensor-5", "hall-1", "2026-05-01T06:00:00Z", firmware: "1.4.2"),
        FleetEvent.Alert("sensor-5", "2026-05-10T05:00:00Z", "low", "E7"),
    ];

    [Fact]
    public async Task A_device_is_answered_with_all_that_both_streams_tell_of_it()
    {
        var host = await store.SharedAsync(Events);

        var answer = await host.GetAsync("/devices/sensor-1");

        var expected = JsonNode.Parse(
            """
            {
              "device": "sensor-1",
              "zone": "hall-2", "zone_at": "2026-05-10T09:00:00.125Z",
              "firmware": "1.4.2", "firmware_at": "2026-05-10T08:00:00Z",
              "updating_to": "1.5.0", "update_at": "2026-05-10T09:30:00Z",
              "reading": { "temperature": 24.5, "humidity": 45, "at": "2026-05-10T09:00:00.125Z" },
              "alert": { "error_code": "E42", "severity": "critical", "at": "2026-05-10T10:00:00Z" },
              "last_seen": "2026-05-10T10:00:00Z"
            }
            """);
        Assert.Equal(expected!.ToJsonString(), answer.ToJsonString());
    }

    [Fact]
    public async Task What_is_not_known_of_a_device_is_absent()
    {
        var host = await store.SharedAsync(Events);

        Assert.Equal(
            """{"device":"sensor-3","alert":{"error_code":"E7","severity":"low","at":"2026-05-10T07:00:00Z"},"last_seen":"2026-05-10T07:00:00Z"}""",
            await host.GetTextAsync("/devices/sensor-3"));
        Assert.Equal(
            """{"device":"sensor-2","zone":"hall-1","zone_at":"2026-05-09T08:00:00Z","firmware":"1.4.2","firmware_at":"2026-05-09T08:00:00Z","last_seen":"2026-05-09T08:00:00Z"}""",
            await host.GetTextAsync("/devices/sensor-2"));
    }

    [Fact]
    public async Task A_device_that_never_sent_anything_is_404()
    {
        var host = await store.SharedAsync(Events);

        using var answer = await host.Client.GetAsync("/devices/sensor-99");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("sensor-99", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("", "sensor-1 sensor-2 sensor-3 sensor-4 sensor-5")]
    [InlineData("?zone=hall-1", "sensor-2 sensor-4 sensor-5")]
    [InlineData("?zone=hall-2", "sensor-1")]
    [InlineData("?zone=hall-3", "")]
    [InlineData("?firmware=1.4.2", "sensor-1 sensor-2 sensor-5")]
    [InlineData("?firmware=1.4.2&zone=hall-1", "sensor-2 sensor-5")]
    [InlineData("?seen_since=2026-05-10T07:00:00Z", "sensor-1 sensor-3")]
    [InlineData("?seen_since=2026-05-10T07:00:00.001Z", "sensor-1")]
    [InlineData("?seen_since=2026-05-10&zone=hall-1", "sensor-4 sensor-5")]
    [InlineData("?after=sensor-2", "sensor-3 sensor-4 sensor-5")]
    [InlineData("?after=sensor-1z", "sensor-2 sensor-3 sensor-4 sensor-5")]
    [InlineData("?after=sensor-5", "")]
    [InlineData("?limit=2&zone=hall-1", "sensor-2 sensor-4")]
    public async Task Devices_are_listed_by_name_and_filter(string query, string expected)
    {
        var host = await store.SharedAsync(Events);

        var answer = await host.GetAsync("/devices" + query);

        Assert.Equal(expected, string.Join(' ', answer["devices"]!.AsArray().Select(device => device!["device"]!.GetValue<string>())));
    }

    [Theory]
    [InlineData("zone=hall-1&limit=10", 10)]
    [InlineData("limit=7", 7)]
    [InlineData("limit=1000", 1000)]
    [InlineData("zone=hall-2&firmware=1.0.0&limit=1", 1)]
    public async Task Pages_together_hold_every_device_once(string query, int limit)
    {
        var devices = Enumerable.Range(0, 60).Select(i => $"sensor-{i}").ToArray();
        await using var host = await store.StartAsync(
        [
            .. devices.Select((device, i) => FleetEvent.Boot(device, $"hall-{i % 2 + 1}", "2026-05-10T08:00:00Z", $"1.{i % 3}.0")),
            .. devices.Where((_, i) => i % 5 != 0).Select(device => FleetEvent.Alert(device, "2026-05-10T09:00:00Z", "low")),
        ]);
        var whole = await host.GetAsync($"/devices?{query.Replace($"limit={limit}", "limit=1000", StringComparison.Ordinal)}");

        var pages = new List<JsonNode>();
        string? next = null;
        do
        {
            var page = await host.GetAsync($"/devices?{query}{(next is null ? "" : "&after=" + next)}");
            Assert.InRange(page["devices"]!.AsArray().Count, 1, limit);
            pages.AddRange(page["devices"]!.AsArray()!);
            next = page["next"]?.GetValue<string>();
        }
        while (next is not null);

        Assert.Null(whole["next"]);
        Assert.Equal(whole["devices"]!.AsArray().Select(device => device!.ToJsonString()), pages.Select(device => device.ToJsonString()));
        Assert.Equal(pages.Select(Name).Order(StringComparer.Ordinal), pages.Select(Name));
    }

    private static string Name(JsonNode device) => device["device"]!.GetValue<string>();
}
