using IotBus.ServiceDefaults.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IotBus.ServiceDefaults.Tests.Fixtures;

/// <summary>A service that has the defaults and says hello at <c>/</c>, on the real server.</summary>
internal sealed class ServiceHost : IAsyncDisposable
{
    private ServiceHost(WebApplication app) => App = app;

    public WebApplication App { get; }

    public HttpClient Client { get; } = new();

    public ManagementEndpoint Management => App.Services.GetRequiredService<ManagementEndpoint>();

    public string Url => Management.ServiceUrls[0];

    public static async Task<ServiceHost> StartAsync(Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? use = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddServiceDefaults("test", "http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        use?.Invoke(app);
        app.MapGet("/", () => "hello");
        await app.StartAsync();
        return new ServiceHost(app);
    }

    public Task<HttpResponseMessage> GetManagementAsync(string path) => Client.GetAsync(new Uri(Management.Url!, path));

    public async Task<Scrape> ScrapeAsync()
    {
        using var response = await GetManagementAsync("/metrics");
        return Scrape.Parse(await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }
}
