using IotBus.DevHost.Observing;

namespace IotBus.DevHost.Tests.Observing;

public sealed class PrometheusTextTests
{
    private const string Text = """
        # HELP iotbus_consumer_lag Messages not yet applied.
        # TYPE iotbus_consumer_lag gauge
        iotbus_consumer_lag{group="processors",partition="0",topic="sensor-telemetry"} 12
        iotbus_consumer_lag{group="processors",partition="1",topic="odd } name \" here"} 3
        iotbus_events_applied_total 1.5e3
        iotbus_event_age_seconds_bucket{le="0.1"} 4
        iotbus_event_age_seconds_bucket{le="1"} 9
        iotbus_event_age_seconds_bucket{le="+Inf"} 10
        iotbus_event_age_seconds_sum 12.5
        iotbus_events_duplicate_total 7 1700000000000
        """;

    private readonly PrometheusText _metrics = PrometheusText.Parse(Text);

    [Fact]
    public void A_name_is_summed_over_its_labels() => Assert.Equal(15, _metrics.Sum("iotbus_consumer_lag"));

    [Fact]
    public void A_sample_may_have_no_labels() => Assert.Equal(1500, _metrics.Sum("iotbus_events_applied_total"));

    [Fact]
    public void A_sample_may_have_a_timestamp() => Assert.Equal(7, _metrics.Sum("iotbus_events_duplicate_total"));

    [Fact]
    public void What_is_not_there_is_zero_and_not_there()
    {
        Assert.Equal(0, _metrics.Sum("iotbus_nothing"));
        Assert.False(_metrics.Has("iotbus_nothing"));
    }

    [Fact]
    public void A_histogram_has_counts_by_bound()
    {
        var buckets = _metrics.Buckets("iotbus_event_age_seconds");

        Assert.Equal([(0.1, 4), (1, 9), (double.PositiveInfinity, 10)], buckets.Select(bucket => (bucket.Key, bucket.Value)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("name")]
    [InlineData("{} 1\nname{\nname{} x\n} 1")]
    public void Text_that_is_no_metrics_holds_none(string text) => Assert.False(PrometheusText.Parse(text).Has("name"));
}
