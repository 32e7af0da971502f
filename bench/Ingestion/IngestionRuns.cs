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
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);

    /// <summary>What the Api's and the bare endpoint's runs measured, in order, and the CPU time of the Api's process an event.</summary>
    public async Task<(List<WrkResult> Api, List<WrkResult> Bare, List<double> CpuMicroseconds)> MeasureAsync(int runs, CancellationToken cancellationToken)
    {
        await using var kafka = new EmbeddedKafka();
        kafka.CreateTopic(Topics.Telemetry, partitions: 3);
        kafka.CreateTopic(Topics.Alerts, partitions: 2);
        await using var api = await ApiProcess.StartAsync(kafka.BootstrapServers, cancellationToken);
        var bareUrl = LocalPort.FreeUrl();
        await using var bare = BareEndpoint.Start(bareUrl, kafka.BootstrapServers);
        bare.IgnoreOutput();
        await HttpService.WaitAsync(bare, bareUrl, cancellationToken);

        await SendAsync(api.Url, WarmUp, cancellationToken);
        await SendAsync(bareUrl, WarmUp, cancellationToken);
        var (apiRuns, bareRuns, cpu) = (new List<WrkResult>(), new List<WrkResult>(), new List<double>());
        for (var run = 0; run < runs; run++)
        {
            var before = api.CpuTime;
            var result = await SendAsync(api.Url, Duration, cancellationToken);
            cpu.Add((api.CpuTime - before).TotalMicroseconds / result.Events);
            apiRuns.Add(result);
            bareRuns.Add(await SendAsync(bareUrl, Duration, cancellationToken));
            await Console.Error.WriteLineAsync(
                $"  {run + 1}: {apiRuns[^1].EventsPerSecond:N0} events/s, p99 {apiRuns[^1].P99Milliseconds:N1} ms; "
                + $"bare {bareRuns[^1].EventsPerSecond:N0}, p99 {bareRuns[^1].P99Milliseconds:N1} ms");
        }

        return (apiRuns, bareRuns, cpu);
    }

    private Task<WrkResult> SendAsync(Uri server, TimeSpan duration, CancellationToken cancellationToken) =>
        Wrk.RunAsync(Script, new Uri(server, Path), Connections, duration, [ApiProcess.Key, .. Arguments], cancellationToken);
}
