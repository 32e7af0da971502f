using System.Net;
using IotBus.Api.Tests.Fixtures;

namespace IotBus.Api.Tests.Events;

/// <summary>Every rule of a member, as a device sees it when it breaks it.</summary>
public sealed class ValidationTests : IAsyncLifetime
{
    private const string Characters = "must be 1–128 characters of letters, digits, '.', '_', ':', '-'.";

    private ApiHost _api = null!;

    public async Task InitializeAsync() => _api = await ApiHost.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    public static TheoryData<string, string, string> Identifiers()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var (path, member, others) in new[]
        {
            ("/event/boot", "device_id", "\"zone_id\":\"z\""),
            ("/event/boot", "zone_id", "\"device_id\":\"d\""),
            ("/event/telemetry", "zone_id", "\"device_id\":\"d\",\"temperature\":1,\"humidity\":1"),
            ("/event/firmware_update", "version_to", "\"device_id\":\"d\""),
            ("/event/alert", "error_code", "\"device_id\":\"d\",\"severity\":\"low\""),
        })
        {
            data.Add(path, $"{{{others}}}", $"{member} is required.");
            data.Add(path, $"{{{others},\"{member}\":null}}", $"{member} is required.");
            data.Add(path, $"{{{others},\"{member}\":7}}", $"{member} must be a string.");
            data.Add(path, $"{{{others},\"{member}\":[\"a\"]}}", $"{member} must be a string.");
            data.Add(path, $"{{{others},\"{member}\":\"\"}}", $"{member} {Characters}");
            data.Add(path, $"{{{others},\"{member}\":\"a b\"}}", $"{member} {Characters}");
            data.Add(path, $"{{{others},\"{member}\":\"ä\"}}", $"{member} {Characters}");
            data.Add(path, $"{{{others},\"{member}\":\"a\\u0000\"}}", $"{member} {Characters}");
            data.Add(path, $"{{{others},\"{member}\":\"\\ud800\"}}", $"{member} {Characters}");
            data.Add(path, $"{{{others},\"{member}\":\"{new string('a', 129)}\"}}", $"{member} {Characters}");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Identifiers))]
    [InlineData("/event/boot", """{"device_id":"d","zone_id":"z","firmware":"a/b"}""", $"firmware {Characters}")]
    [InlineData("/event/boot", """{"device_id":"d","zone_id":"z","firmware":1.2}""", "firmware must be a string.")]
    [InlineData("/event/alert", """{"device_id":"d","error_code":"E"}""", "severity is required.")]
    [InlineData("/event/alert", """{"device_id":"d","error_code":"E","severity":3}""", "severity must be a string.")]
    [InlineData("/event/alert", """{"device_id":"d","error_code":"E","severity":"urgent"}""", "severity must be one of low, medium, high, critical, in any case.")]
    [InlineData("/event/alert", """{"device_id":"d","error_code":"E","severity":" low"}""", "severity must be one of low, medium, high, critical, in any case.")]
    [InlineData("/event/boot", """{"device_id":"d","zone_id":"z","event_id":"17"}""", "event_id must be a UUID, for example 0198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5f.")]
    [InlineData("/event/boot", """{"device_id":"d","zone_id":"z","event_id":17}""", "event_id must be a UUID, for example 0198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5f.")]
    [InlineData("/event/boot", """{"device_id":"d","zone_id":"z","event_id":"{0198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5f}"}""", "event_id must be a UUID, for example 0198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5f.")]
    [InlineData("/event/boot", """{"device_id":"d","zone_id":"z","event_id":"00000000-0000-0000-0000-000000000000"}""", "event_id must not be the nil UUID.")]
    [InlineData("/event/boot", """{"device_id":"d","zone_id":"z","timestamp":"yesterday"}""", "timestamp must be ISO 8601, for example 2026-05-04T03:02:01Z.")]
    [InlineData("/event/boot", """{"device_id":"d","zone_id":"z","timestamp":1777863721}""", "timestamp must be ISO 8601, for example 2026-05-04T03:02:01Z.")]
    [InlineData("/event/boot", """{"device_id":"d","zone_id":"z","timestamp":"0001-01-01T00:00:00+14:00"}""", "timestamp must be ISO 8601, for example 2026-05-04T03:02:01Z.")]
    [InlineData("/event/boot", """{"device_id":"d","zone_id":"z","timestamp":"2026-05-05T03:02:01.001Z"}""", "timestamp must not be more than 24 h ahead of the service's clock.")]
    public async Task A_member_that_breaks_a_rule_is_named_with_the_rule(string path, string json, string message)
    {
        using var response = await _api.PostAsync(path, json);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var errors = (await ApiHost.BodyAsync(response))["errors"]!.AsObject();
        var (name, messages) = Assert.Single(errors);
        Assert.Equal(message, Assert.Single(messages!.AsArray())!.GetValue<string>());
        Assert.StartsWith(name, message, StringComparison.Ordinal);
        Assert.Empty(_api.Topics.Produced);
    }

    [Theory]
    [InlineData("true", "must be a number.")]
    [InlineData("{\"a\":1}", "must be a number.")]
    [InlineData("\"warm\"", "must be a number.")]
    [InlineData("\"\"", "must be a number.")]
    [InlineData("\"1,5\"", "must be a number.")]
    [InlineData("\"0x10\"", "must be a number.")]
    [InlineData("\"NaN\"", "must be finite.")]
    [InlineData("\"Infinity\"", "must be finite.")]
    [InlineData("\"-Infinity\"", "must be finite.")]
    [InlineData("1e999", "must be finite.")]
    [InlineData("null", "is required.")]
    public async Task A_temperature_and_a_humidity_are_finite_numbers(string json, string rule)
    {
        using var response = await _api.PostAsync("/event/telemetry", $$"""{"device_id":"d","zone_id":"z","temperature":{{json}},"humidity":{{json}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var errors = (await ApiHost.BodyAsync(response))["errors"]!;
        Assert.Equal($"temperature {rule}", errors["temperature"]![0]!.GetValue<string>());
        Assert.Equal($"humidity {rule}", errors["humidity"]![0]!.GetValue<string>());
    }

    [Theory]
    [InlineData("-273.15", true)]
    [InlineData("-273.1500001", false)]
    [InlineData("2000", true)]
    [InlineData("2000.0001", false)]
    public async Task A_temperature_lies_between_absolute_zero_and_2000_degrees(string celsius, bool valid)
    {
        using var response = await _api.PostAsync("/event/telemetry", $$"""{"device_id":"d","zone_id":"z","temperature":{{celsius}},"humidity":1}""");

        Assert.Equal(valid ? HttpStatusCode.OK : HttpStatusCode.BadRequest, response.StatusCode);
        if (!valid)
            Assert.Equal("temperature must be between -273.15 and 2000 °C.", (await ApiHost.BodyAsync(response))["errors"]!["temperature"]![0]!.GetValue<string>());
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("-0.0001", false)]
    [InlineData("100", true)]
    [InlineData("100.0001", false)]
    public async Task A_humidity_lies_between_0_and_100_percent(string percent, bool valid)
    {
        using var response = await _api.PostAsync("/event/telemetry", $$"""{"device_id":"d","zone_id":"z","temperature":1,"humidity":{{percent}}}""");

        Assert.Equal(valid ? HttpStatusCode.OK : HttpStatusCode.BadRequest, response.StatusCode);
        if (!valid)
            Assert.Equal("humidity must be between 0 and 100 % RH.", (await ApiHost.BodyAsync(response))["errors"]!["humidity"]![0]!.GetValue<string>());
    }

    [Fact]
    public async Task Every_fault_is_named_at_once()
    {
        using var response = await _api.PostAsync(
            "/event/telemetry", """{"device_id":[],"zone_id":"a b","temperature":"x","humidity":101,"event_id":"no","timestamp":{}}""");

        var errors = (await ApiHost.BodyAsync(response))["errors"]!.AsObject();
        Assert.Equal(
            ["device_id", "event_id", "humidity", "temperature", "timestamp", "zone_id"],
            errors.Select(error => error.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Missing_members_are_told_in_the_old_clients_words()
    {
        using var response = await _api.PostAsync("/event/boot", "{}");

        var problem = await ApiHost.BodyAsync(response);
        Assert.Equal("Missing fields: ['device_id', 'zone_id']", problem["error"]!.GetValue<string>());
        Assert.Equal(400, problem["status"]!.GetValue<int>());
    }

    [Fact]
    public async Task The_member_error_tells_missing_and_invalid_members_apart()
    {
        using var response = await _api.PostAsync("/event/alert", """{"device_id":"d","severity":"loud"}""");

        Assert.Equal("Missing fields: ['error_code']. Invalid fields: ['severity']", (await ApiHost.BodyAsync(response))["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_identifier_of_128_characters_of_every_allowed_kind_is_valid()
    {
        var device = "aZ9._:-" + new string('x', 121);

        using var response = await _api.PostAsync("/event/boot", $$"""{"device_id":"{{device}}","zone_id":"\u007a"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(device, _api.Topics.Single.Key);
    }
}
