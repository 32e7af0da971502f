using IotBus.Bench.Processes;
using IotBus.Kafka.Embedded;
using IotBus.Messages;

namespace IotBus.Bench.Ingestion;

/// <summary>One load, sent in turns to the Api and to the bare endpoint.</summary>
/// <param name="Script">What wrk sends.</param>
/// <param name="Path">Where to.</param>
/// <param name="Connections">Over how many connections.</param>
/// <param name="Arguments">What the script is told beside the key.</param>
internal sealed record IngestionRuns(string Script, string Path, int Connections, params string[] Arguments)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);

    /// <summary>What the Api's and the bare endpoint's runs measured, in order.</summary>
    public async Task<(List<IngestionRun> Api, List<IngestionRun> Bare)> MeasureAsync(int runs, CancellationToken cancellationToken)
    {
        await using var kafka = new EmbeddedKafka();
        kafka.CreateTopic(Topics.Telemetry, partitions: 3);
        kafka.CreateTopic(Topics.Alerts, partitions: 2);
        await using var api = await ApiProcess.StartAsync(kafka.BootstrapServers, cancellationToken);
        var bareUrl = LocalPort.FreeUrl();
        await using var bare = BareEndpoint.Start(bareUrl, kafka.BootstrapServers);
        bare.IgnoreOutput();
        await HttpService.WaitAsync(bare, bareUrl, cancellationToken);

        await SendAsync(api.Process, api.Url, cancellationToken);
        await SendAsync(bare, bareUrl, cancellationToken);
        var (apiRuns, bareRuns) = (new List<IngestionRun>(), new List<IngestionRun>());
        for (var run = 0; run < runs; run++)
        {
            apiRuns.Add(await SendAsync(api.Process, api.Url, cancellationToken));
            bareRuns.Add(await SendAsync(bare, bareUrl, cancellationToken));
            await Console.Error.WriteLineAsync($"  {run + 1}: {apiRuns[^1]}; bare {bareRuns[^1]}");
        }

        return (apiRuns, bareRuns);
    }

    private async Task<IngestionRun> SendAsync(ChildProcess server, Uri url, CancellationToken cancellationToken)
    {
        var before = server.CpuTime;
        var result = await Wrk.RunAsync(Script, new Uri(url, Path), Connections, Duration, [ApiProcess.Key, .. Arguments], cancellationToken);
        return new IngestionRun(
            result.Events / (result.Microseconds / 1e6), result.P99Microseconds / 1000, (server.CpuTime - before).TotalMicroseconds / result.Events);
    }
}

/// <summary>What one run of the load measured.</summary>
/// <param name="PerSecond">Events answered for.</param>
/// <param name="P99Milliseconds">Of 100 requests, 99 were answered within.</param>
/// <param name="CpuMicroseconds">CPU time of the server's process an event.</param>
internal sealed record IngestionRun(double PerSecond, double P99Milliseconds, double CpuMicroseconds)
{
    public override string ToString() => $"{PerSecond:N0} events/s, p99 {P99Milliseconds:N1} ms, {CpuMicroseconds:N1} µs of CPU each";
}
