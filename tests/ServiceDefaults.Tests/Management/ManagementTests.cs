using System.Net;
using IotBus.ServiceDefaults.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;

namespace IotBus.ServiceDefaults.Tests.Management;

/// <summary>The management port is a place of its own.</summary>
public sealed class ManagementTests
{
    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    public async Task The_services_own_port_knows_nothing_of_health_and_metrics(string path)
    {
        await using var service = await ServiceHost.StartAsync();

        using var own = await service.Client.GetAsync(service.Url + path);
        using var management = await service.GetManagementAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, own.StatusCode);
        Assert.Equal(HttpStatusCode.OK, management.StatusCode);
    }

    [Fact]
    public async Task The_management_port_serves_nothing_else()
    {
        await using var service = await ServiceHost.StartAsync();

        using var own = await service.Client.GetAsync(service.Url + "/");
        using var management = await service.GetManagementAsync("/");

        Assert.Equal("hello", await own.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, management.StatusCode);
    }

    [Fact]
    public async Task A_Host_header_opens_no_door()
    {
        await using var service = await ServiceHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, service.Url + "/metrics");
        request.Headers.Host = service.Management.Url!.Authority;

        using var response = await service.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Only_reading_is_possible_there()
    {
        await using var service = await ServiceHost.StartAsync();

        using var response = await service.Client.PostAsync(new Uri(service.Management.Url!, "/metrics"), null);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public async Task A_service_without_an_address_of_its_own_has_the_management_port_only()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddServiceDefaults("test");
        await using var app = builder.Build();
        app.MapDefaultEndpoints();

        await app.StartAsync();

        Assert.Single(app.Urls);
    }

    [Fact]
    public async Task Configured_addresses_replace_the_default_one_and_leave_the_management_port()
    {
        await using var service = await ServiceHost.StartAsync(builder =>
            builder.Configuration["urls"] = "http://127.0.0.1:0;http://[::1]:0");

        Assert.Equal(2, service.Management.ServiceUrls.Count);
        using var live = await service.GetManagementAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Theory]
    [InlineData("9080")]
    [InlineData("https://127.0.0.1:0")]
    [InlineData("http://unix:/tmp/x")]
    public async Task A_management_address_that_is_none_is_named_at_once(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddServiceDefaults("test");
        builder.Configuration["Management:Url"] = url;
        await using var app = builder.Build();

        var exception = Assert.Throws<InvalidOperationException>(() => app.MapDefaultEndpoints());

        Assert.Contains("Management:Url", exception.Message, StringComparison.Ordinal);
        Assert.Contains(url, exception.Message, StringComparison.Ordinal);
    }
}
