using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using IotBus.ServiceDefaults.Edge;
using IotBus.ServiceDefaults.Tests.Fixtures;
using IotBus.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IotBus.ServiceDefaults.Tests.Edge;

/// <summary>The embedded edge answers as Kong does, and lets through what Kong would.</summary>
public sealed class EdgeTests : IAsyncLifetime
{
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));
    private ServiceHost _service = null!;

    public async Task InitializeAsync() => _service = await StartAsync();

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task A_request_without_a_key_is_refused_in_Kongs_words()
    {
        using var response = await GetAsync("/who");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("""{"message":"No API key found in request"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("Key", response.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("DEVICE-KEY")]
    [InlineData("device-key2")]
    [InlineData("c2f62dbac3fb8dbc2e1f7bd8ee5a0b1fbf6a4ee2cbb8a0e7ef4f2a2a8d8b3c11")]
    public async Task A_wrong_key_is_refused_in_Kongs_words(string key)
    {
        using var response = await GetAsync("/who", ("apikey", key));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("""{"message":"Unauthorized"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_key_of_any_length_is_refused_without_an_error()
    {
        using var response = await GetAsync("/who", ("apikey", new string('k', 10_000)));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Two_keys_are_refused_in_Kongs_words()
    {
        // A client library would join them into one line.
        var url = new Uri(_service.Url);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(url.Host, url.Port);
        await tcp.GetStream().WriteAsync("GET /who HTTP/1.1\r\nHost: x\r\nConnection: close\r\napikey: device-key\r\napikey: gateway-key\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(tcp.GetStream());

        var answer = await reader.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 401", answer, StringComparison.Ordinal);
        Assert.EndsWith("""{"message":"Duplicate API key found"}""", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("device-key", "sensor-7: device")]
    [InlineData("other-device-key", "sensor-7: device")]
    [InlineData("gateway-key", "gateway-1: gateway")]
    [InlineData("hashed-key", "gateway-2: gateway")]
    public async Task A_key_belongs_to_a_consumer(string key, string consumer)
    {
        using var response = await GetAsync("/who", ("apikey", key));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(consumer, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_service_behind_sees_neither_the_key_nor_what_a_caller_claims_to_be()
    {
        using var response = await GetAsync(
            "/headers", ("apikey", "device-key"), ("X-Consumer-Username", "gateway-1"), ("X-Consumer-Groups", "gateway"));

        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_consumer_of_another_group_is_refused_in_Kongs_words()
    {
        using var response = await GetAsync("/who", ("apikey", "operator-key"));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("""{"message":"You cannot consume this service"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_open_endpoint_needs_no_key_and_has_no_limit()
    {
        for (var i = 0; i < 10; i++)
        {
            using var response = await GetAsync("/open");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.False(response.Headers.Contains("RateLimit-Limit"));
        }
    }

    [Fact]
    public async Task A_path_that_does_not_exist_needs_a_key_too()
    {
        using var unknown = await GetAsync("/nowhere");
        using var known = await GetAsync("/nowhere", ("apikey", "gateway-key"));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.NotFound), (unknown.StatusCode, known.StatusCode));
    }

    [Fact]
    public async Task Every_answer_tells_what_is_left_of_the_limit()
    {
        for (var remaining = 4; remaining >= 0; remaining--)
        {
            using var response = await GetAsync("/who", ("apikey", "device-key"));
            Assert.Equal(("5", $"{remaining}", "1"), RateLimit(response));
        }

        using var refused = await GetAsync("/who", ("apikey", "device-key"));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(("5", "0", "1"), RateLimit(refused));
        Assert.Equal("1", refused.Headers.RetryAfter!.ToString());
        Assert.Equal("""{"message":"API rate limit exceeded"}""", await refused.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_new_second_has_a_whole_new_share()
    {
        for (var i = 0; i < 6; i++)
            (await GetAsync("/who", ("apikey", "device-key"))).Dispose();

        _time.Advance(TimeSpan.FromSeconds(1));
        using var response = await GetAsync("/who", ("apikey", "device-key"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(("5", "4", "1"), RateLimit(response));
    }

    [Fact]
    public async Task The_keys_of_one_consumer_share_its_limit_and_other_consumers_have_their_own()
    {
        for (var i = 0; i < 6; i++)
            (await GetAsync("/who", ("apikey", "device-key"))).Dispose();

        using var same = await GetAsync("/who", ("apikey", "other-device-key"));
        using var gateway = await GetAsync("/who", ("apikey", "gateway-key"));

        Assert.Equal(HttpStatusCode.TooManyRequests, same.StatusCode);
        Assert.Equal(("10000", "9999", "1"), RateLimit(gateway));
    }

    [Fact]
    public async Task Limits_can_be_set_for_a_group_and_for_one_consumer()
    {
        await using var service = await StartAsync(("Edge:Limits:device", "1"), ("Edge:Consumers:1:RequestsPerSecond", "2"));

        using var device = await GetAsync(service, "/who", ("apikey", "device-key"));
        using var gateway = await GetAsync(service, "/who", ("apikey", "gateway-key"));

        Assert.Equal((("1", "0", "1"), ("2", "1", "1")), (RateLimit(device), RateLimit(gateway)));
    }

    [Fact]
    public async Task What_the_edge_turned_away_is_counted()
    {
        (await GetAsync("/who")).Dispose();
        (await GetAsync("/who", ("apikey", "operator-key"))).Dispose();
        for (var i = 0; i < 7; i++)
            (await GetAsync("/who", ("apikey", "device-key"))).Dispose();

        var scrape = await _service.ScrapeAsync();

        Assert.Equal(1, scrape["iotbus_edge_rejected_total{reason=\"unauthorized\"}"]);
        Assert.Equal(1, scrape["iotbus_edge_rejected_total{reason=\"forbidden\"}"]);
        Assert.Equal(2, scrape["iotbus_edge_rejected_total{reason=\"rate_limited\"}"]);
    }

    [Fact]
    public async Task The_management_port_is_not_behind_the_edge()
    {
        using var live = await _service.GetManagementAsync("/health/live");
        using var metrics = await _service.GetManagementAsync("/metrics");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (live.StatusCode, metrics.StatusCode));
    }

    [Fact]
    public async Task Behind_Kong_its_headers_are_trusted_and_nothing_is_limited()
    {
        await using var service = await StartAsync(("Edge:Mode", "Kong"));

        using var response = await GetAsync(service, "/who", ("X-Consumer-Username", "sensor-9"), ("X-Consumer-Groups", "device, other"));
        using var direct = await GetAsync(service, "/who", ("apikey", "gateway-key"));

        Assert.Equal("sensor-9: device,other", await response.Content.ReadAsStringAsync());
        Assert.False(response.Headers.Contains("RateLimit-Limit"));
        Assert.Equal(HttpStatusCode.Unauthorized, direct.StatusCode);
    }

    [Theory]
    [InlineData("Edge:Consumers:0:Username", "", "no Username")]
    [InlineData("Edge:Consumers:1:Username", "sensor-7", "twice")]
    [InlineData("Edge:Consumers:1:Keys:0", "device-key", "there twice")]
    [InlineData("Edge:Consumers:3:KeySha256:0", "xyz", "64 hexadecimal digits")]
    [InlineData("Edge:Consumers:0:RequestsPerSecond", "0", "below one")]
    public async Task Consumers_that_contradict_each_other_stop_the_service_with_the_reason(string key, string value, string reason)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync((key, value)));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => GetAsync(_service, path, headers);

    private static async Task<HttpResponseMessage> GetAsync(ServiceHost service, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, service.Url + path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);

        return await service.Client.SendAsync(request);
    }

    private static (string Limit, string Remaining, string Reset) RateLimit(HttpResponseMessage response)
    {
        return (Header("RateLimit-Limit"), Header("RateLimit-Remaining"), Header("RateLimit-Reset"));

        string Header(string name) => Assert.Single(response.Headers.GetValues(name));
    }

    private Task<ServiceHost> StartAsync(params (string Key, string Value)[] settings) => ServiceHost.StartAsync(
        builder =>
        {
            builder.AddEdge();
            builder.Services.AddSingleton<TimeProvider>(_time);
            (string Key, string Value)[] all =
            [
                ("Edge:Consumers:0:Username", "sensor-7"),
                ("Edge:Consumers:0:Keys:0", "device-key"),
                ("Edge:Consumers:0:Keys:1", "other-device-key"),
                ("Edge:Consumers:1:Username", "gateway-1"),
                ("Edge:Consumers:1:Group", "gateway"),
                ("Edge:Consumers:1:Keys:0", "gateway-key"),
                ("Edge:Consumers:2:Username", "operator-1"),
                ("Edge:Consumers:2:Group", "operator"),
                ("Edge:Consumers:2:Keys:0", "operator-key"),
                ("Edge:Consumers:3:Username", "gateway-2"),
                ("Edge:Consumers:3:Group", "gateway"),
                ("Edge:Consumers:3:KeySha256:0", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("hashed-key")))),
                .. settings,
            ];
            foreach (var (key, value) in all)
                builder.Configuration[key] = value;
        },
        app =>
        {
            app.UseRouting();
            app.UseEdge(EdgeGroups.Device, EdgeGroups.Gateway);
            app.MapGet("/who", (HttpContext context) =>
                $"{context.Consumer()!.Username}: {string.Join(',', context.Consumer()!.Groups.Order(StringComparer.Ordinal))}");
            app.MapGet("/headers", (HttpContext context) =>
                string.Concat(context.Request.Headers.Keys.Where(name => name.StartsWith("X-Consumer", StringComparison.OrdinalIgnoreCase) || name == "apikey")));
            app.MapGet("/open", () => "open").AllowAnonymous();
        });
}
