using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using IotBus.Bench.Processes;

namespace IotBus.Bench.Ingestion;

/// <summary>The load generator, <see href="https://github.com/wg/wrk"/>.</summary>
internal static class Wrk
{
    private const int Threads = 2;

    /// <summary>Sends what a script tells, as fast as the answers come, over so many connections.</summary>
    /// <exception cref="BenchException">It is not installed, or a request was not answered with success.</exception>
    public static async Task<WrkResult> RunAsync(
        string script, Uri url, int connections, TimeSpan duration, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        string[] options =
        [
            $"-t{Threads}",
            $"-c{connections.ToString(CultureInfo.InvariantCulture)}",
            $"-d{duration.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)}s",
            "--timeout", "10s",
            "-s", Path.Combine(AppContext.BaseDirectory, "Ingestion", script),
            url.ToString(),
            "--",
        ];
        await using var wrk = Start([.. options, .. arguments]);
        var output = await wrk.ReadToEndAsync(cancellationToken);
        var line = Array.FindLast(output.Split('\n'), line => line.StartsWith('{'))
            ?? throw new BenchException($"wrk did not tell what it measured:\n{output}");
        var result = JsonSerializer.Deserialize(line, WrkJsonContext.Default.WrkResult)!;
        return result.Failed == 0 && result.Events > 0
            ? result
            : throw new BenchException($"{result.Failed} of {result.Requests} requests to {url} failed: the rate means nothing.");
    }

    private static ChildProcess Start(string[] arguments)
    {
        try
        {
            return ChildProcess.Start("wrk", arguments);
        }
        catch (Win32Exception)
        {
            throw new BenchException("this benchmark needs wrk, the HTTP load generator. On Debian: sudo apt-get install -y wrk");
        }
    }
}

/// <summary>What one run of wrk measured.</summary>
internal sealed record WrkResult
{
    public required long Requests { get; init; }

    /// <summary>Events that were answered for with success.</summary>
    public required long Events { get; init; }

    /// <summary>Requests that found no connection, got no answer in time, or one other than 2xx and 3xx.</summary>
    public required long Failed { get; init; }

    public required double Microseconds { get; init; }

    [JsonPropertyName("p99_microseconds")]
    public required double P99Microseconds { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WrkResult))]
internal sealed partial class WrkJsonContext : JsonSerializerContext;
