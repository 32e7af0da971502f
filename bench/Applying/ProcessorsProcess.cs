using System.Globalization;
using IotBus.Bench.Processes;

namespace IotBus.Bench.Applying;

/// <summary>The Processors as a process of their own, as they run in a cluster.</summary>
internal sealed class ProcessorsProcess : IAsyncDisposable
{
    public const string Database = "bench";

    private const string Counter = "iotbus_events_applied_total";

    private readonly ChildProcess _process;
    private readonly HttpClient _management;

    private ProcessorsProcess(ChildProcess process, Uri management)
    {
        _process = process;
        _management = new HttpClient { BaseAddress = management, Timeout = TimeSpan.FromSeconds(30) };
    }

    public TimeSpan CpuTime => _process.CpuTime;

    public static async Task<ProcessorsProcess> StartAsync(
        string bootstrapServers, string mongoUri, string topic, CancellationToken cancellationToken)
    {
        var management = LocalPort.FreeUrl();
        var process = ChildProcess.StartDotNet("IotBus.Processors.dll", [], new Dictionary<string, string>
        {
            ["Kafka:BootstrapServers"] = bootstrapServers,
            ["MongoDb:Uri"] = mongoUri,
            ["MongoDb:Database"] = Database,
            ["Topics:Telemetry:Name"] = topic,
            ["Management:Url"] = management.ToString(),
            ["urls"] = "http://127.0.0.1:0",
        });
        process.IgnoreOutput();
        try
        {
            await HttpService.WaitAsync(process, new Uri(management, "health/ready"), cancellationToken);
            return new ProcessorsProcess(process, management);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>How many events it has applied since it started, by its own count.</summary>
    public async Task<long> AppliedAsync(CancellationToken cancellationToken)
    {
        if (_process.HasExited)
            throw await _process.FailureAsync(cancellationToken);

        var applied = 0L;
        foreach (var line in (await _management.GetStringAsync(new Uri("metrics", UriKind.Relative), cancellationToken)).Split('\n'))
        {
            if (line.StartsWith(Counter, StringComparison.Ordinal))
                applied += (long)double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
        }

        return applied;
    }

    public async ValueTask DisposeAsync()
    {
        _management.Dispose();
        await _process.DisposeAsync();
    }
}
