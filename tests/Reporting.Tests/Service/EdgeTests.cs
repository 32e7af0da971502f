using System.Net;

namespace IotBus.Reporting.Tests.Service;

public sealed class EdgeTests
{
    private const string NoStore = "mongodb://127.0.0.1:1/?directConnection=true";

    [Theory]
    [InlineData("/metrics/boots")]
    [InlineData("/devices")]
    [InlineData("/devices/sensor-1")]
    [InlineData("/series/sensor-1")]
    [InlineData("/unknown")]
    public async Task Nothing_is_answered_without_a_key(string path)
    {
        await using var host = await ReportingHost.StartAsync(NoStore);
        using var client = host.NewClient(key: null);

        using var answer = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("""{"message":"No API key found in request"}""", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(ReportingHost.OperatorKey, HttpStatusCode.BadRequest)]
    [InlineData(ReportingHost.GatewayKey, HttpStatusCode.BadRequest)]
    [InlineData(ReportingHost.DeviceKey, HttpStatusCode.Forbidden)]
    [InlineData("another", HttpStatusCode.Unauthorized)]
    public async Task Operators_and_gateways_may_ask(string key, HttpStatusCode expected)
    {
        await using var host = await ReportingHost.StartAsync(NoStore);
        using var client = host.NewClient(key);

        using var answer = await client.GetAsync("/metrics/boots?from=never");

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task The_document_needs_no_key()
    {
        await using var host = await ReportingHost.StartAsync(NoStore);
        using var client = host.NewClient(key: null);

        using var answer = await client.GetAsync("/openapi/v1.json");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task There_is_nothing_but_GET(string method)
    {
        await using var host = await ReportingHost.StartAsync(NoStore);

        foreach (var path in new[] { "/metrics/boots", "/devices", "/devices/sensor-1", "/series/sensor-1" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            using var answer = await host.Client.SendAsync(request);

            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
            Assert.Equal("GET", answer.Content.Headers.Allow.Single());
        }
    }

    [Fact]
    public async Task Health_and_metrics_are_on_the_management_port_alone_and_need_no_key()
    {
        await using var host = await ReportingHost.StartAsync(NoStore);
        using var client = new HttpClient { BaseAddress = host.ManagementUrl };

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/metrics/boots")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.GetAsync("/health/live")).StatusCode);
    }
}
