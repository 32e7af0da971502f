using System.Net;
using System.Net.Http.Headers;
using System.Text;
using IotBus.Api.Tests.Fixtures;

namespace IotBus.Api.Tests.Events;

/// <summary>Bodies that are no event at all.</summary>
public sealed class BodyTests : IAsyncLifetime
{
    private const string Event = """{"device_id":"d","zone_id":"z"}""";

    private ApiHost _api = null!;

    public async Task InitializeAsync() => _api = await ApiHost.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Theory]
    [InlineData("{\"device_id\":\"d\",\n\"zone_id\":}", 2, 11)]
    [InlineData("{\"device_id\":\"d\"", 1, 17)]
    [InlineData("{\"device_id\":\"d\",}", 1, 18)]
    [InlineData("{} {}", 1, 4)]
    [InlineData("{'device_id':'d'}", 1, 2)]
    [InlineData("{\"device_id\":NaN}", 1, 14)]
    public async Task Malformed_JSON_is_rejected_with_its_line_and_position(string body, int line, int position)
    {
        using var response = await _api.PostAsync("/event/boot", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await ApiHost.BodyAsync(response);
        Assert.Equal((line, position), (problem["line"]!.GetValue<int>(), problem["position"]!.GetValue<int>()));
        Assert.Equal($"The body is malformed JSON at line {line}, position {position}.", problem["error"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \n")]
    [InlineData("null")]
    [InlineData("[{}]")]
    [InlineData("\"device_id\"")]
    [InlineData("7")]
    [InlineData("device_id=d")]
    public async Task A_body_that_is_no_JSON_object_is_rejected(string body)
    {
        using var response = await _api.PostAsync("/event/boot", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("The body must be a JSON object.", (await ApiHost.BodyAsync(response))["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task JSON_nested_beyond_64_levels_is_rejected()
    {
        var body = $$"""{"x":{{new string('[', 100)}}{{new string(']', 100)}}}""";

        using var response = await _api.PostAsync("/event/boot", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("malformed", (await ApiHost.BodyAsync(response))["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_byte_order_mark_is_ignored()
    {
        using var response = await _api.PostAsync("/event/boot", '\uFEFF' + Event);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_no_identifier()
    {
        using var content = new ByteArrayContent([.. "{\"device_id\":\""u8, 0xC3, 0x28, .. "\",\"zone_id\":\"z\"}"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using var response = await _api.SendAsync("/event/boot", content, ApiHost.GatewayKey);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotNull((await ApiHost.BodyAsync(response))["errors"]!["device_id"]);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json; charset=\"UTF-8\"")]
    [InlineData("APPLICATION/JSON")]
    [InlineData("application/vnd.example+json")]
    public async Task A_body_in_any_spelling_of_JSON_is_read(string type)
    {
        using var content = ApiHost.Json(Event);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await _api.SendAsync("/event/boot", content, ApiHost.GatewayKey);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("json")]
    [InlineData(null)]
    public async Task A_body_that_is_not_JSON_in_UTF_8_is_answered_with_415(string? type)
    {
        using var content = ApiHost.Json(Event);
        content.Headers.Remove("Content-Type");
        if (type is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await _api.SendAsync("/event/boot", content, ApiHost.GatewayKey);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains("application/json", (await ApiHost.BodyAsync(response))["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compressed_body_is_answered_with_415()
    {
        using var content = ApiHost.Json(Event);
        content.Headers.ContentEncoding.Add("gzip");

        using var response = await _api.SendAsync("/event/boot", content, ApiHost.GatewayKey);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Theory]
    [InlineData(16 * 1024, HttpStatusCode.OK)]
    [InlineData((16 * 1024) + 1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task An_event_has_at_most_16_KiB(int bytes, HttpStatusCode status)
    {
        using var response = await _api.PostAsync("/event/boot", Event.PadRight(bytes));

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData(16 * 1024, HttpStatusCode.OK)]
    [InlineData((16 * 1024) + 1, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(1024 * 1024, HttpStatusCode.RequestEntityTooLarge)]
    public async Task An_event_in_chunks_without_a_length_has_at_most_16_KiB(int bytes, HttpStatusCode status)
    {
        await using var api = await ApiHost.StartOnKestrelAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/event/boot") { Content = ApiHost.Json(Event.PadRight(bytes)) };
        request.Headers.TransferEncodingChunked = true;

        using var response = await api.Client.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
        if (status != HttpStatusCode.OK)
            Assert.Equal("An event has at most 16 KiB.", (await ApiHost.BodyAsync(response))["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task Another_method_is_answered_with_405_and_another_path_with_404()
    {
        using var get = await _api.Client.GetAsync("/event/boot");
        using var unknown = await _api.PostAsync("/event/reboot", Event);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task An_escaped_member_name_is_the_same_member()
    {
        using var response = await _api.PostAsync("/event/boot", """{"devic\u0065_id":"d","zone_id":"z"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
