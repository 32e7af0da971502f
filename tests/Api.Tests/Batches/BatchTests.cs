using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using IotBus.Api.Tests.Fixtures;
using IotBus.Messages;

namespace IotBus.Api.Tests.Batches;

/// <summary>Many events in one request.</summary>
public sealed class BatchTests : IAsyncLifetime
{
    private const string Boot = """{"type":"boot","device_id":"d","zone_id":"z"}""";

    private ApiHost _api = null!;

    public async Task InitializeAsync() => _api = await ApiHost.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task Lines_of_every_type_go_to_their_topics_in_their_order()
    {
        using var response = await _api.PostLinesAsync(
            """
            {"type":"boot","device_id":"a","zone_id":"z","firmware":"1"}
            {"type":"telemetry","device_id":"b","zone_id":"z","temperature":1.5,"humidity":"20"}
            {"type":"alert","device_id":"c","error_code":"E","severity":"Low"}
            {"type":"firmware_update","device_id":"d","version_to":"2"}
            """);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"accepted":4,"rejected":0,"errors":[]}""", await response.Content.ReadAsStringAsync());
        Assert.Equal(
            [("sensor-telemetry", "a"), ("sensor-telemetry", "b"), ("sensor-alerts", "c"), ("sensor-telemetry", "d")],
            _api.Topics.Produced.Select(produced => (produced.Topic, produced.Key)));
        Assert.Equal("1", Assert.IsType<DeviceBooted>(_api.Topics.Produced[0].Event).Firmware);
        Assert.Equal((1.5, 20), (Assert.IsType<TelemetryRecorded>(_api.Topics.Produced[1].Event) is var t ? (t.Temperature, t.Humidity) : default));
        Assert.Equal("low", Assert.IsType<AlertRaised>(_api.Topics.Produced[2].Event).Severity);
        Assert.Equal("2", Assert.IsType<FirmwareUpdateStarted>(_api.Topics.Produced[3].Event).UpdateTo);
    }

    [Fact]
    public async Task A_line_that_breaks_a_rule_is_described_and_the_rest_goes_on()
    {
        var id = Guid.CreateVersion7();

        using var response = await _api.PostLinesAsync(
            $$"""
            {{Boot}}
            {"type":"alert","device_id":"d","severity":"loud","event_id":"{{id}}"}
            {"type":"boot"
            []
            {"device_id":"d"}
            {"type":"reboot","device_id":"d"}
            {{Boot}}
            """);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var answer = await ApiHost.BodyAsync(response);
        Assert.Equal((2, 5), (answer["accepted"]!.GetValue<int>(), answer["rejected"]!.GetValue<int>()));
        var errors = answer["errors"]!.AsArray();
        Assert.Equal([2, 3, 4, 5, 6], errors.Select(error => error!["line"]!.GetValue<int>()));
        Assert.Equal(id, errors[0]!["event_id"]!.GetValue<Guid>());
        Assert.Equal("Missing fields: ['error_code']. Invalid fields: ['severity']", errors[0]!["error"]!.GetValue<string>());
        Assert.Equal("error_code is required.", errors[0]!["errors"]!["error_code"]![0]!.GetValue<string>());
        Assert.Equal("The line is malformed JSON at position 15.", errors[1]!["error"]!.GetValue<string>());
        Assert.Equal("The line must be a JSON object.", errors[2]!["error"]!.GetValue<string>());
        Assert.Equal("type is required.", errors[3]!["errors"]!["type"]![0]!.GetValue<string>());
        Assert.Equal("type must be one of boot, telemetry, firmware_update, alert.", errors[4]!["errors"]!["type"]![0]!.GetValue<string>());
        Assert.Equal(2, _api.Topics.Produced.Count);
    }

    [Fact]
    public async Task A_batch_of_which_no_line_is_valid_is_answered_with_400()
    {
        using var response = await _api.PostLinesAsync("{}\n{}\n");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var answer = await ApiHost.BodyAsync(response);
        Assert.Equal((0, 2), (answer["accepted"]!.GetValue<int>(), answer["rejected"]!.GetValue<int>()));
        Assert.Equal(2, answer["errors"]!.AsArray().Count);
        Assert.Equal("No line was accepted: see errors.", answer["error"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\r\n  \n")]
    public async Task A_batch_without_events_is_fine(string lines)
    {
        using var response = await _api.PostLinesAsync(lines);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"accepted":0,"rejected":0,"errors":[]}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Blank_lines_are_skipped_but_counted_in_line_numbers()
    {
        using var response = await _api.PostLinesAsync($"\uFEFF{Boot}\r\n\r\n   \n{{}}\n{Boot}");

        var answer = await ApiHost.BodyAsync(response);
        Assert.Equal((2, 1), (answer["accepted"]!.GetValue<int>(), answer["rejected"]!.GetValue<int>()));
        Assert.Equal(4, answer["errors"]![0]!["line"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("application/x-ndjson", HttpStatusCode.OK)]
    [InlineData("application/ndjson; charset=utf-8", HttpStatusCode.OK)]
    [InlineData("application/jsonl", HttpStatusCode.OK)]
    [InlineData("application/json", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-ndjson; charset=utf-16", HttpStatusCode.UnsupportedMediaType)]
    [InlineData(null, HttpStatusCode.UnsupportedMediaType)]
    public async Task A_batch_is_NDJSON_in_UTF_8(string? type, HttpStatusCode status)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Boot));
        if (type is not null)
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);

        using var response = await _api.SendAsync("/events", content, ApiHost.GatewayKey);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task The_same_identifier_may_stand_on_several_lines()
    {
        var line = """{"type":"boot","device_id":"d","zone_id":"z","event_id":"0198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5f"}""";

        using var response = await _api.PostLinesAsync($"{line}\n{line}\n");

        Assert.Equal(2, (await ApiHost.BodyAsync(response))["accepted"]!.GetValue<int>());
        Assert.Single(_api.Topics.Produced.Select(produced => produced.Event.EventId).Distinct());
    }

    [Fact]
    public async Task Events_are_counted_by_type_and_rejections_by_reason()
    {
        await using var api = await ApiHost.StartOnKestrelAsync();

        using var response = await api.PostLinesAsync($"{Boot}\n{Boot}\n{{}}\n[\n{new string('x', 17_000)}\n");

        await Scrape.EventuallyAsync(api, "iotbus_events_accepted_total{type=\"boot\"} 2");
        await Scrape.EventuallyAsync(api, "iotbus_events_rejected_total{reason=\"invalid\"} 1");
        await Scrape.EventuallyAsync(api, "iotbus_events_rejected_total{reason=\"malformed\"} 1");
        await Scrape.EventuallyAsync(api, "iotbus_events_rejected_total{reason=\"too_large\"} 1");
        await Scrape.EventuallyAsync(api, "iotbus_events_accepted_total{type=\"alert\"} 0");
    }
}
