using IotBus.Testing;

namespace IotBus.Api.Tests.Fixtures;

/// <summary>What the management port tells.</summary>
internal static class Scrape
{
    public static async Task<string> MetricsAsync(ApiHost api)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri(api.ManagementUrl, "/metrics"));
    }

    /// <summary>Waits for a line of <c>/metrics</c>.</summary>
    public static Task EventuallyAsync(ApiHost api, string line) =>
        Eventually.ValueAsync(() => MetricsAsync(api), metrics => metrics.Split('\n').Contains(line));
}
