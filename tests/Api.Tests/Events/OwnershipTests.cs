using System.Net;
using IotBus.Api.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;

namespace IotBus.Api.Tests.Events;

/// <summary>Who may send, and for which device.</summary>
public sealed class OwnershipTests : IAsyncLifetime
{
    private const string Own = $$"""{"device_id":"{{ApiHost.Device}}","zone_id":"z"}""";
    private const string Other = """{"device_id":"sensor-8","zone_id":"z"}""";

    private ApiHost _api = null!;

    public async Task InitializeAsync() => _api = await ApiHost.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task A_device_may_send_for_itself()
    {
        using var response = await _api.PostAsync("/event/boot", Own, ApiHost.DeviceKey);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_device_may_not_send_for_another()
    {
        using var response = await _api.PostAsync("/event/boot", Other, ApiHost.DeviceKey);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(
            "The consumer 'sensor-7' may send only for the device of its own name, not for 'sensor-8'.",
            (await ApiHost.BodyAsync(response))["error"]!.GetValue<string>());
        Assert.Empty(_api.Topics.Produced);
    }

    [Fact]
    public async Task A_gateway_may_send_for_any_device()
    {
        using var response = await _api.PostAsync("/event/boot", Other, ApiHost.GatewayKey);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_line_about_another_device_is_rejected_and_the_others_go_on()
    {
        using var response = await _api.PostLinesAsync(
            $$"""
            {"type":"boot","device_id":"sensor-8","zone_id":"z"}
            {"type":"boot","device_id":"{{ApiHost.Device}}","zone_id":"z"}
            """,
            ApiHost.DeviceKey);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var answer = await ApiHost.BodyAsync(response);
        Assert.Equal((1, 1), (answer["accepted"]!.GetValue<int>(), answer["rejected"]!.GetValue<int>()));
        Assert.Contains("not for 'sensor-8'", answer["errors"]![0]!["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(ApiHost.Device, _api.Topics.Single.Key);
    }

    [Fact]
    public async Task No_one_sends_without_a_key()
    {
        using var client = new HttpRequestMessage(HttpMethod.Post, "/event/boot") { Content = ApiHost.Json(Other) };
        _api.Client.DefaultRequestHeaders.Remove("apikey");

        using var response = await _api.Client.SendAsync(client);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("""{"message":"No API key found in request"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_device_that_claims_to_be_a_gateway_is_still_a_device()
    {
        using var content = ApiHost.Json(Other);
        content.Headers.Add("X-Consumer-Username", "gateway-1");
        content.Headers.Add("X-Consumer-Groups", "gateway");

        using var response = await _api.SendAsync("/event/boot", content, ApiHost.DeviceKey);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("sensor-8", "device", HttpStatusCode.OK)]
    [InlineData("sensor-7", "device", HttpStatusCode.Forbidden)]
    [InlineData("anyone", "gateway", HttpStatusCode.OK)]
    [InlineData("anyone", "other, gateway", HttpStatusCode.OK)]
    [InlineData("anyone", "operator", HttpStatusCode.Forbidden)]
    [InlineData("anyone", "", HttpStatusCode.Forbidden)]
    [InlineData("", "gateway", HttpStatusCode.Unauthorized)]
    public async Task Behind_Kong_its_word_counts(string username, string groups, HttpStatusCode status)
    {
        await using var api = await ApiHost.StartAsync(builder => builder.Configuration["Edge:Mode"] = "Kong");
        using var content = ApiHost.Json(Other);
        content.Headers.Add("X-Consumer-Username", username);
        content.Headers.Add("X-Consumer-Groups", groups);

        using var response = await api.SendAsync("/event/boot", content, "any");

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task The_sixth_request_of_a_device_in_a_second_is_refused_and_the_next_second_is_free()
    {
        for (var i = 0; i < 5; i++)
        {
            using var allowed = await _api.PostAsync("/event/boot", Own, ApiHost.DeviceKey);
            Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        }

        using var refused = await _api.PostAsync("/event/boot", Own, ApiHost.DeviceKey);
        _api.Time.Advance(TimeSpan.FromSeconds(1));
        using var again = await _api.PostAsync("/event/boot", Own, ApiHost.DeviceKey);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("""{"message":"API rate limit exceeded"}""", await refused.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(6, _api.Topics.Produced.Count);
    }
}
