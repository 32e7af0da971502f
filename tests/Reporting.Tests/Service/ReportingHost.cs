using System.Net;
using System.Text.Json.Nodes;
using IotBus.ServiceDefaults.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Reporting.Tests.Service;

/// <summary>The service on a port of its own, and a client that is an operator.</summary>
internal sealed class ReportingHost : IAsyncDisposable
{
    public const string OperatorKey = "key-of-an-operator";
    public const string GatewayKey = "key-of-a-gateway";
    public const string DeviceKey = "key-of-a-device";

    private readonly WebApplication _app;

    private ReportingHost(WebApplication app)
    {
        _app = app;
        Client = NewClient(OperatorKey);
    }

    public HttpClient Client { get; }

    public Uri Url => new(_app.Services.GetRequiredService<ManagementEndpoint>().ServiceUrls[0]);

    public Uri ManagementUrl => _app.Services.GetRequiredService<ManagementEndpoint>().Url!;

    /// <param name="uri">MongoDB's.</param>
    /// <param name="database">The database that is read.</param>
    /// <param name="time">The service's clock; the system's when null.</param>
    /// <param name="settings">Further settings.</param>
    public static async Task<ReportingHost> StartAsync(
        string uri, string database = "none", TimeProvider? time = null, params (string Key, string Value)[] settings)
    {
        var app = ReportingService.Create(
            ["--urls", "http://127.0.0.1:0", "--Management:Url", "http://127.0.0.1:0"],
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(
                [
                    new("MongoDb:Uri", uri),
                    new("MongoDb:Database", database),
                    new("Logging:LogLevel:Default", "None"),
                    .. Consumer(0, "operator", OperatorKey),
                    .. Consumer(1, "gateway", GatewayKey),
                    .. Consumer(2, "device", DeviceKey),
                    .. settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)),
                ]);
                if (time is not null)
                    builder.Services.AddSingleton(time);
            });
        await app.StartAsync();
        return new ReportingHost(app);
    }

    public HttpClient NewClient(string? key)
    {
        var client = new HttpClient { BaseAddress = Url };
        if (key is not null)
            client.DefaultRequestHeaders.Add("apikey", key);

        return client;
    }

    /// <summary>The body of an answer that must be 200.</summary>
    public async Task<string> GetTextAsync(string path)
    {
        using var answer = await Client.GetAsync(path);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode} {body}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return body;
    }

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await GetTextAsync(path))!;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private static KeyValuePair<string, string?>[] Consumer(int index, string group, string key) =>
    [
        new($"Edge:Consumers:{index}:Username", group),
        new($"Edge:Consumers:{index}:Group", group),
        new($"Edge:Consumers:{index}:Keys:0", key),
        new($"Edge:Consumers:{index}:RequestsPerSecond", "1000000"),
    ];
}
