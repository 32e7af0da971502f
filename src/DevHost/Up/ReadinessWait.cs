using System.Net;
using System.Text.Json;
using IotBus.DevHost.Terminal;

namespace IotBus.DevHost.Up;

/// <summary>Waits until every service says it is ready, and tells meanwhile what they wait for.</summary>
internal sealed class ReadinessWait(HttpClient http, LiveLine line, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    public async Task RunAsync(UpOptions options, CancellationToken cancellationToken)
    {
        (string Name, Uri Management)[] services =
            [("the Api", options.ApiManagement), ("the Processors", options.ProcessorsManagement), ("Reporting", options.ReportingManagement)];
        foreach (var (name, management) in services)
        {
            while (await AskAsync(management, cancellationToken) is { } reason)
            {
                line.Show($"Waiting for {name}: {reason}");
                await Task.Delay(Interval, clock, cancellationToken);
            }
        }
    }

    /// <returns>Null when it is ready, or why not.</returns>
    private async Task<string?> AskAsync(Uri management, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(management, "health/ready"), cancellationToken);
            if (response.StatusCode == HttpStatusCode.OK)
                return null;

            using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            var unhealthy = answer.RootElement.GetProperty("checks").EnumerateArray()
                .Where(check => check.GetProperty("status").GetString() == "unhealthy")
                .Select(check => $"{check.GetProperty("name").GetString()}: {check.GetProperty("reason").GetString()}");
            return string.Join("; ", unhealthy);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or KeyNotFoundException)
        {
            return e.Message;
        }
    }
}
