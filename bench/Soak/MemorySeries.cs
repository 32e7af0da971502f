namespace IotBus.Bench.Soak;

/// <summary>A process's memory over time. Not thread-safe.</summary>
internal sealed class MemorySeries
{
    private const double Mebibyte = 1024 * 1024;

    private readonly List<(double Minutes, double Mebibytes)> _samples = [];

    /// <summary>The last sample; 0 before there is one.</summary>
    public double Last => _samples.Count == 0 ? 0 : _samples[^1].Mebibytes;

    public void Add(TimeSpan at, long bytes) => _samples.Add((at.TotalMinutes, bytes / Mebibyte));

    /// <summary>The slope of the line that fits the samples from a moment on best (least squares), in MiB a minute; 0 of fewer than two.</summary>
    public double SlopeFrom(TimeSpan from)
    {
        var samples = _samples.FindAll(sample => sample.Minutes >= from.TotalMinutes);
        if (samples.Count < 2)
            return 0;

        var (meanX, meanY) = (samples.Average(sample => sample.Minutes), samples.Average(sample => sample.Mebibytes));
        var covariance = samples.Sum(sample => (sample.Minutes - meanX) * (sample.Mebibytes - meanY));
        return covariance / samples.Sum(sample => Math.Pow(sample.Minutes - meanX, 2));
    }
}
