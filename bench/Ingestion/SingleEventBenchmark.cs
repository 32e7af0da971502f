using IotBus.Bench.Reports;

namespace IotBus.Bench.Ingestion;

/// <summary>Readings sent one a request, each answered when Kafka has acknowledged it.</summary>
internal sealed class SingleEventBenchmark : IBenchmark
{
    private const int Connections = 256;

    public string Name => "api_single";

    public async Task<Measurement> MeasureAsync(int runs, CancellationToken cancellationToken)
    {
        var (api, bare) = await new IngestionRuns("single.lua", "/event/telemetry", Connections).MeasureAsync(runs, cancellationToken);
        return new Measurement(Name, "requests/s")
        {
            Runs = [.. api.Select(run => run.PerSecond)],
            Peer = "bare Kestrel endpoint that reads and answers the same JSON",
            PeerRuns = [.. bare.Select(run => run.PerSecond)],
            Target = "ratio >= 0.5",
            More =
            [
                ("p99_ms", Rounding.Short(Median.Of(api.Select(run => run.P99Milliseconds)))),
                ("peer_p99_ms", Rounding.Short(Median.Of(bare.Select(run => run.P99Milliseconds)))),
                ("cpu_us_per_request", Rounding.Short(Median.Of(api.Select(run => run.CpuMicroseconds)))),
                ("peer_cpu_us_per_request", Rounding.Short(Median.Of(bare.Select(run => run.CpuMicroseconds)))),
                ("connections", Connections),
            ],
        };
    }
}
