using System.Globalization;
using IotBus.Bench.Reports;

namespace IotBus.Bench.Ingestion;

/// <summary>Readings sent many a request, each request answered when Kafka has acknowledged all of them.</summary>
internal sealed class BatchBenchmark : IBenchmark
{
    private const int Connections = 8;
    private const int LinesPerRequest = 2_500;

    public string Name => "api_batch";

    public async Task<Measurement> MeasureAsync(int runs, CancellationToken cancellationToken)
    {
        var load = new IngestionRuns("batch.lua", "/events", Connections, LinesPerRequest.ToString(CultureInfo.InvariantCulture));
        var (api, bare) = await load.MeasureAsync(runs, cancellationToken);
        return new Measurement(Name, "events/s")
        {
            Runs = [.. api.Select(run => run.PerSecond)],
            Peer = "bare Kestrel endpoint that deserializes each line and produces it with Confluent.Kafka and the same headers",
            PeerRuns = [.. bare.Select(run => run.PerSecond)],
            Target = "value >= 100000",
            More =
            [
                ("p99_ms", Rounding.Short(Median.Of(api.Select(run => run.P99Milliseconds)))),
                ("peer_p99_ms", Rounding.Short(Median.Of(bare.Select(run => run.P99Milliseconds)))),
                ("cpu_us_per_event", Rounding.Short(Median.Of(api.Select(run => run.CpuMicroseconds)))),
                ("peer_cpu_us_per_event", Rounding.Short(Median.Of(bare.Select(run => run.CpuMicroseconds)))),
                ("connections", Connections),
                ("lines_per_request", LinesPerRequest),
            ],
        };
    }
}
