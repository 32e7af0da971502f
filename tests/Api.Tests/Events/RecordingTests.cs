using System.Net;
using System.Text.Json.Nodes;
using IotBus.Api.OpenApi;
using IotBus.Api.Tests.Fixtures;
using IotBus.Messages;

namespace IotBus.Api.Tests.Events;

/// <summary>What a device may send, what it is answered, and what goes to Kafka for it.</summary>
public sealed class RecordingTests : IAsyncLifetime
{
    private const string Id = "0198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5f";

    private ApiHost _api = null!;

    public async Task InitializeAsync() => _api = await ApiHost.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    public static TheoryData<string, string, string> Examples() => new()
    {
        { "/event/boot", EventExamples.Boot.Request, EventExamples.Boot.Answer },
        { "/event/telemetry", EventExamples.Telemetry.Request, EventExamples.Telemetry.Answer },
        { "/event/firmware_update", EventExamples.FirmwareUpdate.Request, EventExamples.FirmwareUpdate.Answer },
        { "/event/alert", EventExamples.Alert.Request, EventExamples.Alert.Answer },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Each_path_answers_as_its_documented_example_says(string path, string request, string answer)
    {
        var body = JsonNode.Parse(request)!;
        body["event_id"] = Id;

        using var response = await _api.PostAsync(path, body.ToJsonString());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        var expected = JsonNode.Parse(answer)!;
        expected["event"]!["timestamp"] = "2026-05-04T03:02:01Z";
        Assert.Equal(expected.ToJsonString(), await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/event/boot", """{"device_id":"d","zone_id":"z"}""", Topics.Telemetry)]
    [InlineData("/event/telemetry", """{"device_id":"d","zone_id":"z","temperature":1,"humidity":2}""", Topics.Telemetry)]
    [InlineData("/event/firmware_update", """{"device_id":"d","version_to":"2"}""", Topics.Telemetry)]
    [InlineData("/event/alert", """{"device_id":"d","error_code":"E","severity":"low"}""", Topics.Alerts)]
    public async Task An_event_goes_to_the_topic_of_its_type_under_its_devices_key(string path, string json, string topic)
    {
        using var response = await _api.PostAsync(path, json);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((topic, "d", "d"), (_api.Topics.Single.Topic, _api.Topics.Single.Key, _api.Topics.Single.Event.DeviceId));
    }

    [Fact]
    public async Task The_answer_holds_the_event_that_went_to_Kafka()
    {
        using var response = await _api.PostAsync("/event/telemetry", """{"device_id":"d","zone_id":"z","temperature":-3.5,"humidity":61.25}""");

        var answer = (await ApiHost.BodyAsync(response))["event"]!;
        var produced = Assert.IsType<TelemetryRecorded>(_api.Topics.Single.Event);
        Assert.Equal(produced.EventId, answer["event_id"]!.GetValue<Guid>());
        Assert.Equal((produced.Temperature, produced.Humidity), (answer["temperature"]!.GetValue<double>(), answer["humidity"]!.GetValue<double>()));
        Assert.Equal((-3.5, 61.25), (produced.Temperature, produced.Humidity));
    }

    [Fact]
    public async Task A_boot_without_firmware_has_the_firmware_unknown()
    {
        using var response = await _api.PostAsync("/event/boot", """{"device_id":"d","zone_id":"z"}""");

        Assert.Equal("unknown", Assert.IsType<DeviceBooted>(_api.Topics.Single.Event).Firmware);
    }

    [Fact]
    public async Task The_version_a_firmware_update_leads_to_comes_back_as_update_to()
    {
        using var response = await _api.PostAsync("/event/firmware_update", """{"device_id":"d","version_to":"v1.1"}""");

        var answer = (await ApiHost.BodyAsync(response))["event"]!.AsObject();
        Assert.Equal("v1.1", answer["update_to"]!.GetValue<string>());
        Assert.False(answer.ContainsKey("version_to"));
    }

    [Theory]
    [InlineData("HIGH")]
    [InlineData("High")]
    [InlineData("high")]
    public async Task A_severity_in_any_case_is_stored_in_lower_case(string severity)
    {
        using var response = await _api.PostAsync("/event/alert", $$"""{"device_id":"d","error_code":"E","severity":"{{severity}}"}""");

        Assert.Equal("high", Assert.IsType<AlertRaised>(_api.Topics.Single.Event).Severity);
    }

    [Theory]
    [InlineData("\"24.5\"", 24.5)]
    [InlineData("\" 24.5 \"", 24.5)]
    [InlineData("\"-1e1\"", -10)]
    [InlineData("\"+7\"", 7)]
    [InlineData("\"\\u0032\"", 2)]
    [InlineData("24.5", 24.5)]
    [InlineData("0", 0)]
    public async Task A_number_may_come_as_a_number_or_as_text(string json, double celsius)
    {
        using var response = await _api.PostAsync("/event/telemetry", $$"""{"device_id":"d","zone_id":"z","temperature":{{json}},"humidity":"45"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var produced = Assert.IsType<TelemetryRecorded>(_api.Topics.Single.Event);
        Assert.Equal((celsius, 45), (produced.Temperature, produced.Humidity));
    }

    [Fact]
    public async Task Members_that_nobody_knows_are_ignored()
    {
        using var response = await _api.PostAsync(
            "/event/boot", """{"device_id":"d","battery":{"level":[1,{"a":null}]},"zone_id":"z","type":"telemetry"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.IsType<DeviceBooted>(_api.Topics.Single.Event);
    }

    [Fact]
    public async Task An_event_without_an_identifier_gets_one_ordered_by_time()
    {
        using var response = await _api.PostAsync("/event/boot", """{"device_id":"d","zone_id":"z"}""");

        var id = _api.Topics.Single.Event.EventId;
        Assert.Equal(7, id.Version);
        Assert.Equal(Guid.CreateVersion7(ApiHost.Now).ToString()[..13], id.ToString()[..13]);
    }

    [Fact]
    public async Task An_event_keeps_the_identifier_it_came_with()
    {
        using var response = await _api.PostAsync("/event/boot", $$"""{"device_id":"d","zone_id":"z","event_id":"{{Id.ToUpperInvariant()}}"}""");

        Assert.Equal(Guid.Parse(Id), _api.Topics.Single.Event.EventId);
    }

    [Theory]
    [InlineData(Id)]
    [InlineData($"\"{Id}\"")]
    public async Task The_header_Idempotency_Key_stands_for_the_identifier(string header)
    {
        using var content = ApiHost.Json("""{"device_id":"d","zone_id":"z"}""");
        content.Headers.Add("Idempotency-Key", header);

        using var response = await _api.SendAsync("/event/boot", content, ApiHost.GatewayKey);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Guid.Parse(Id), _api.Topics.Single.Event.EventId);
    }

    [Fact]
    public async Task A_header_and_an_identifier_that_are_equal_are_fine()
    {
        using var content = ApiHost.Json($$"""{"device_id":"d","zone_id":"z","event_id":"{{Id}}"}""");
        content.Headers.Add("Idempotency-Key", Id);

        using var response = await _api.SendAsync("/event/boot", content, ApiHost.GatewayKey);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_header_and_an_identifier_that_differ_are_rejected()
    {
        using var content = ApiHost.Json($$"""{"device_id":"d","zone_id":"z","event_id":"{{Id}}"}""");
        content.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());

        using var response = await _api.SendAsync("/event/boot", content, ApiHost.GatewayKey);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var errors = (await ApiHost.BodyAsync(response))["errors"]!;
        Assert.Equal("event_id must equal the header Idempotency-Key when both are sent.", errors["event_id"]![0]!.GetValue<string>());
        Assert.Empty(_api.Topics.Produced);
    }

    [Fact]
    public async Task A_header_that_is_no_UUID_is_rejected()
    {
        using var content = ApiHost.Json("""{"device_id":"d","zone_id":"z"}""");
        content.Headers.Add("Idempotency-Key", "one");

        using var response = await _api.SendAsync("/event/boot", content, ApiHost.GatewayKey);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith("Idempotency-Key must be a UUID", (await ApiHost.BodyAsync(response))["errors"]!["Idempotency-Key"]![0]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-05-04T01:02:03Z", "2026-05-04T01:02:03Z")]
    [InlineData("2026-05-04T01:02:03+02:00", "2026-05-03T23:02:03Z")]
    [InlineData("2026-05-04T01:02:03", "2026-05-04T01:02:03Z")]
    [InlineData("2026-05-04T01:02:03.123456", "2026-05-04T01:02:03.123456Z")]
    [InlineData("1970-01-01", "1970-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")]
    [InlineData("2026-05-05T03:02:01Z", "2026-05-05T03:02:01Z")]
    public async Task A_timestamp_is_UTC_unless_it_has_an_offset(string sent, string recorded)
    {
        using var response = await _api.PostAsync("/event/boot", $$"""{"device_id":"d","zone_id":"z","timestamp":"{{sent}}"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(recorded, (await ApiHost.BodyAsync(response))["event"]!["timestamp"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_event_without_a_timestamp_has_the_time_of_receipt()
    {
        _api.Time.Advance(TimeSpan.FromMinutes(5));

        using var response = await _api.PostAsync("/event/boot", """{"device_id":"d","zone_id":"z","timestamp":null}""");

        Assert.Equal(ApiHost.Now.AddMinutes(5), _api.Topics.Single.Event.Timestamp);
    }
}
