using IotBus.DevHost.Observing;

namespace IotBus.DevHost.Tests.Observing;

public sealed class SystemLineTests
{
    private static readonly SystemNumbers Numbers = new(1_234, 1_200, 30, 14, 0, 0, 4, new Dictionary<double, double>());

    [Theory]
    [InlineData(null, "-")]
    [InlineData(0.0124, "12 ms")]
    [InlineData(3.21, "3.2 s")]
    [InlineData(600.0, "10 min")]
    [InlineData(36_000.0, "10 h")]
    [InlineData(double.PositiveInfinity, "over a day")]
    public void The_line_tells_how_the_system_stands(double? age, string shown)
    {
        Assert.Equal(
            $"accepted 1,234 (51/s)  applied 1,200  duplicates 30  rejected 14  dead letters 0  lag 4  age p99 {shown}",
            SystemLine.Describe(Numbers, 51, age));
    }

    [Fact]
    public void On_a_narrow_terminal_the_line_is_shorter()
    {
        Assert.Equal("acc 1,234  app 1,200  dup 30  rej 14  dead 0  lag 4  p99 12 ms", SystemLine.Describe(Numbers, 51, 0.0124, 79));
    }

    [Fact]
    public void What_is_to_be_sent_again_is_told_apart_from_what_is_rejected()
    {
        var deferring = Numbers with { Deferred = 64_199 };

        Assert.Contains("  rejected 14  deferred 64,199  dead letters 0  ", SystemLine.Describe(deferring, 51, null), StringComparison.Ordinal);
        Assert.Contains("  rej 14  def 64,199  dead 0  ", SystemLine.Describe(deferring, 51, null, 79), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_Api_answers_503_to_counts_as_deferred()
    {
        var api = PrometheusText.Parse("""
            iotbus_events_rejected_total{reason="invalid"} 1
            iotbus_events_rejected_total{reason="malformed"} 2
            iotbus_events_rejected_total{reason="queue_full"} 10
            iotbus_events_rejected_total{reason="backlog_full"} 20
            iotbus_events_rejected_total{reason="not_acknowledged"} 40
            iotbus_events_rejected_total{reason="refused"} 4
            """);

        var numbers = SystemNumbers.Of(api, PrometheusText.Parse(""));

        Assert.Equal((7, 70), (numbers.Rejected, numbers.Deferred));
    }

    [Fact]
    public void The_percentile_is_interpolated_within_its_bucket()
    {
        var window = new AgeWindow();

        Assert.Equal(0.19, window.Add(Buckets((0.1, 90), (0.2, 100), (double.PositiveInfinity, 100)))!.Value, 6);
    }

    [Fact]
    public void The_percentile_is_of_what_was_applied_lately()
    {
        var window = new AgeWindow();
        for (var i = 0; i < 10; i++)
            window.Add(Buckets((0.1, 0), (1, 1_000), (double.PositiveInfinity, 1_000)));

        Assert.Equal(0.099, window.Add(Buckets((0.1, 100), (1, 1_100), (double.PositiveInfinity, 1_100)))!.Value, 6);
    }

    [Fact]
    public void Nothing_applied_has_no_percentile()
    {
        var window = new AgeWindow();

        Assert.Null(window.Add(Buckets()));
        Assert.Null(window.Add(Buckets((0.1, 0), (double.PositiveInfinity, 0))));
    }

    [Fact]
    public void What_is_older_than_the_last_bound_is_told_as_such()
    {
        Assert.Equal(double.PositiveInfinity, new AgeWindow().Add(Buckets((0.1, 1), (double.PositiveInfinity, 100))));
    }

    private static SortedDictionary<double, double> Buckets(params (double Bound, double Count)[] buckets) =>
        new(buckets.ToDictionary(bucket => bucket.Bound, bucket => bucket.Count));
}
