using IotBus.Bench.Reports;

namespace IotBus.Bench;

/// <summary>One measurement beside its peer.</summary>
internal interface IBenchmark
{
    string Name { get; }

    /// <summary>Measures <paramref name="runs"/> times, its peer in between, and tells the medians.</summary>
    /// <exception cref="BenchException">Something it needs is missing, or a run failed.</exception>
    Task<Measurement> MeasureAsync(int runs, CancellationToken cancellationToken);
}
