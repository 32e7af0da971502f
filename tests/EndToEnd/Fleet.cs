using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IotBus.EndToEnd;

/// <summary>
/// Devices that send events in batches, one lane a device so that each device's events stay in order, and send again what was not acknowledged, with the same
/// identifiers. One event in ten goes out twice.
/// </summary>
internal sealed class Fleet(HttpClient http, int devices, int seed)
{
    private readonly ConcurrentDictionary<HttpStatusCode, int> _answers = [];
    private readonly Random _random = new(seed);
    private readonly List<Guid> _sent = [];
    private readonly List<string> _lines = [];
    private int _number;

    /// <summary>The identifiers of all events, each once.</summary>
    public IReadOnlyList<Guid> Sent => _sent;

    /// <summary>How often each status was answered; may be read while events are sent.</summary>
    public IReadOnlyDictionary<HttpStatusCode, int> Answers => _answers;

    /// <summary>How many lines were acknowledged, repeats included.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Sends new events, and repeats of about a tenth of them, until all are acknowledged.</summary>
    public async Task SendAsync(int count, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var line = NextLine();
            lines.Add(line);
            _lines.Add(line);
            if (_random.Next(9) == 0)
                lines.Add(_lines[_random.Next(_lines.Count)]);
        }

        while (lines.Count > 0)
            lines = await PostAsync(lines, cancellationToken);
    }

    // Returns the lines that were not acknowledged.
    private async Task<List<string>> PostAsync(List<string> lines, CancellationToken cancellationToken)
    {
        using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
        using var answer = await http.PostAsync(new Uri("/events", UriKind.Relative), content, cancellationToken);
        _answers.AddOrUpdate(answer.StatusCode, 1, (_, count) => count + 1);
        var body = await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken)
            ?? throw new JsonException("The answer has no body.");
        if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable))
            throw new HttpRequestException($"{(int)answer.StatusCode}: {body.ToJsonString()}", null, answer.StatusCode);

        Acknowledged += body["accepted"]!.GetValue<int>();
        if (body["rejected"]!.GetValue<int>() > 0)
            throw new HttpRequestException($"Events that break no rule were rejected: {body.ToJsonString()}", null, answer.StatusCode);

        return answer.StatusCode == HttpStatusCode.OK ? [] : await UnacknowledgedAsync(lines, body, cancellationToken);
    }

    private static async Task<List<string>> UnacknowledgedAsync(List<string> lines, JsonObject body, CancellationToken cancellationToken)
    {
        // A short answer to "Retry-After": the outage of a test is short, too.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        await timer.WaitForNextTickAsync(cancellationToken);
        var again = body["errors"]!.AsArray().Select(error => lines[error!["line"]!.GetValue<int>() - 1]);

        // Lines that were not looked at are in no count; they come behind those that were.
        var resume = body["resume_from_line"]?.GetValue<int>() ?? lines.Count + 1;
        return [.. again, .. lines.Skip(resume - 1)];
    }

    private string NextLine()
    {
        var id = Guid.NewGuid();
        _sent.Add(id);
        var number = _number++;
        var device = $"device-{number % devices}";
        var at = DateTime.UtcNow.Date.AddDays(-1).AddSeconds(number * 2);
        var common = $"\"event_id\":\"{id}\",\"device_id\":\"{device}\",\"timestamp\":\"{at:yyyy-MM-ddTHH:mm:ssZ}\"";
        return (number % 20) switch
        {
            0 => $"{{\"type\":\"boot\",{common},\"zone_id\":\"hall-{number % 3}\",\"firmware\":\"v{number % 4}\"}}",
            1 => $"{{\"type\":\"firmware_update\",{common},\"version_to\":\"v{number % 4}\"}}",
            2 => $"{{\"type\":\"alert\",{common},\"error_code\":\"E{number % 7}\",\"severity\":\"high\"}}",
            _ => FormattableString.Invariant(
                $"{{\"type\":\"telemetry\",{common},\"zone_id\":\"hall-{number % 3}\",\"temperature\":{15 + (number % 200 / 10.0)},\"humidity\":{30 + (number % 50)}}}"),
        };
    }
}
