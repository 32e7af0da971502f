using IotBus.Bench.Soak;

namespace IotBus.Bench.Tests.Soak;

public sealed class MemorySeriesTests
{
    private const long Mebibyte = 1024 * 1024;

    private readonly MemorySeries _series = new();

    [Fact]
    public void The_slope_is_in_mebibytes_a_minute()
    {
        for (var second = 0; second <= 120; second += 5)
            _series.Add(TimeSpan.FromSeconds(second), (100 * Mebibyte) + (second * Mebibyte / 20));

        Assert.Equal(3, _series.SlopeFrom(TimeSpan.Zero), precision: 6);
    }

    [Fact]
    public void Warming_up_does_not_count()
    {
        for (var second = 0; second < 60; second += 5)
            _series.Add(TimeSpan.FromSeconds(second), second * 10 * Mebibyte);

        for (var second = 60; second <= 120; second += 5)
            _series.Add(TimeSpan.FromSeconds(second), 600 * Mebibyte);

        Assert.Equal(0, _series.SlopeFrom(TimeSpan.FromMinutes(1)), precision: 6);
    }

    [Fact]
    public void Going_up_and_down_around_a_line_has_the_slope_of_the_line()
    {
        // A line of slope 1, and deviations from it that are symmetric about the middle.
        long[] mebibytes = [101, 100, 103, 102, 106, 104, 107, 106, 109];
        for (var minute = 0; minute < mebibytes.Length; minute++)
            _series.Add(TimeSpan.FromMinutes(minute), mebibytes[minute] * Mebibyte);

        Assert.Equal(1, _series.SlopeFrom(TimeSpan.Zero), precision: 6);
        Assert.Equal(109, _series.Last);
    }

    [Fact]
    public void One_sample_has_no_slope()
    {
        _series.Add(TimeSpan.FromMinutes(1), 50 * Mebibyte);

        Assert.Equal(0, _series.SlopeFrom(TimeSpan.Zero));
    }
}
