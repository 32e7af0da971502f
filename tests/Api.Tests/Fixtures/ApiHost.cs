using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using IotBus.Kafka;
using IotBus.Messages;
using IotBus.ServiceDefaults.Management;
using IotBus.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IotBus.Api.Tests.Fixtures;

/// <summary>The service on fake topics and a clock that stands still, with a gateway and a device among its consumers.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    public const string GatewayKey = "gateway-key";
    public const string DeviceKey = "device-key";

    /// <summary>The one device that <see cref="DeviceKey"/> may speak for.</summary>
    public const string Device = "sensor-7";

    private readonly WebApplication _app;

    private ApiHost(WebApplication app, HttpClient client, FakeTopics topics, ManualTime time, ErrorLog errors)
    {
        _app = app;
        Client = client;
        Topics = topics;
        Time = time;
        Errors = errors;
    }

    public static DateTimeOffset Now { get; } = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    /// <summary>Sends as the gateway.</summary>
    public HttpClient Client { get; }

    public FakeTopics Topics { get; }

    public ManualTime Time { get; }

    public ErrorLog Errors { get; }

    public IServiceProvider Services => _app.Services;

    public Uri ManagementUrl => Services.GetRequiredService<ManagementEndpoint>().Url!;

    /// <summary>In memory, without a server.</summary>
    public static Task<ApiHost> StartAsync(Action<WebApplicationBuilder>? configure = null) => StartAsync(configure, onKestrel: false);

    /// <summary>On the real server, for what a connection itself decides.</summary>
    public static Task<ApiHost> StartOnKestrelAsync(Action<WebApplicationBuilder>? configure = null) => StartAsync(configure, onKestrel: true);

    public Task<HttpResponseMessage> PostAsync(string path, string json) => Client.PostAsync(path, Json(json));

    public Task<HttpResponseMessage> PostAsync(string path, string json, string key) => SendAsync(path, Json(json), key);

    public Task<HttpResponseMessage> PostLinesAsync(string lines, string key = GatewayKey) =>
        SendAsync("/events", new StringContent(lines, Encoding.UTF8, "application/x-ndjson"), key);

    public async Task<HttpResponseMessage> SendAsync(string path, HttpContent content, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.Add("apikey", key);
        using var client = _app.Services.GetService<Microsoft.AspNetCore.Hosting.Server.IServer>() is TestServer server
            ? server.CreateClient()
            : new HttpClient { BaseAddress = Client.BaseAddress };
        return await client.SendAsync(request);
    }

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public static async Task<JsonObject> BodyAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonObject>())!;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private static async Task<ApiHost> StartAsync(Action<WebApplicationBuilder>? configure, bool onKestrel)
    {
        var topics = new FakeTopics();
        var time = new ManualTime(Now);
        var errors = new ErrorLog();
        var app = ApiService.Create(
            ["--urls", "http://127.0.0.1:0", "--Management:Url", "http://127.0.0.1:0"],
            builder =>
            {
                builder.Services.AddSingleton(topics.Telemetry);
                builder.Services.AddSingleton(topics.Alerts);
            },
            builder =>
            {
                if (!onKestrel)
                    builder.WebHost.UseTestServer();

                builder.Logging.ClearProviders().AddProvider(errors);
                builder.Services.AddSingleton<TimeProvider>(time);
                builder.Configuration["Edge:Consumers:0:Username"] = "gateway-1";
                builder.Configuration["Edge:Consumers:0:Group"] = "gateway";
                builder.Configuration["Edge:Consumers:0:Keys:0"] = GatewayKey;
                builder.Configuration["Edge:Consumers:1:Username"] = Device;
                builder.Configuration["Edge:Consumers:1:Group"] = "device";
                builder.Configuration["Edge:Consumers:1:Keys:0"] = DeviceKey;
                configure?.Invoke(builder);
            });
        await app.StartAsync();
        var client = onKestrel
            ? new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<ManagementEndpoint>().ServiceUrls[0]) }
            : app.GetTestClient();
        client.DefaultRequestHeaders.Add("apikey", GatewayKey);
        return new ApiHost(app, client, topics, time, errors);
    }
}
