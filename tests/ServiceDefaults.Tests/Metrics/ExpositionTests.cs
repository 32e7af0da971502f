using System.Diagnostics.Metrics;
using IotBus.ServiceDefaults.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.ServiceDefaults.Tests.Metrics;

/// <summary>What Prometheus sees at <c>/metrics</c>.</summary>
public sealed class ExpositionTests : IAsyncLifetime
{
    private ServiceHost _service = null!;
    private Meter _meter = null!;

    public async Task InitializeAsync()
    {
        _service = await ServiceHost.StartAsync();
        _meter = _service.App.Services.GetRequiredService<IMeterFactory>().Create("IotBus.Test");
    }

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task Metrics_come_in_the_text_format_0_0_4()
    {
        using var response = await _service.GetManagementAsync("/metrics");

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task A_counter_adds_up_by_its_labels()
    {
        var counter = _meter.CreateCounter<long>("iotbus_events_total", description: "Events.");
        counter.Add(2, Tag("type", "boot"));
        counter.Add(3, Tag("type", "boot"));
        counter.Add(1, Tag("type", "alert"));

        var scrape = await _service.ScrapeAsync();

        Assert.Equal(("counter", "Events."), (scrape.Types["iotbus_events_total"], scrape.Helps["iotbus_events_total"]));
        Assert.Equal((5, 1), (scrape["iotbus_events_total{type=\"boot\"}"], scrape["iotbus_events_total{type=\"alert\"}"]));
    }

    [Fact]
    public async Task A_counter_never_goes_down()
    {
        var counter = _meter.CreateCounter<double>("iotbus_up_total");
        counter.Add(2.5);
        counter.Add(-1);
        counter.Add(double.NaN);

        Assert.Equal(2.5, (await _service.ScrapeAsync())["iotbus_up_total"]);
    }

    [Fact]
    public async Task An_up_down_counter_and_gauges_are_gauges()
    {
        var inFlight = _meter.CreateUpDownCounter<int>("iotbus_in_flight");
        inFlight.Add(3);
        inFlight.Add(-1);
        var level = _meter.CreateGauge<double>("iotbus_level");
        level.Record(7);
        level.Record(-0.5);
        _meter.CreateObservableGauge("iotbus_lag", () => 42L);

        var scrape = await _service.ScrapeAsync();

        Assert.Equal((2, -0.5, 42), (scrape["iotbus_in_flight"], scrape["iotbus_level"], scrape["iotbus_lag"]));
        Assert.All(["iotbus_in_flight", "iotbus_level", "iotbus_lag"], name => Assert.Equal("gauge", scrape.Types[name]));
    }

    [Fact]
    public async Task A_histogram_cumulates_its_buckets()
    {
        var histogram = _meter.CreateHistogram(
            "iotbus_sizes", null, "Sizes.", null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [10, 100] });
        foreach (var size in new long[] { 1, 10, 11, 100, 101, 5_000 })
            histogram.Record(size, Tag("topic", "t"));

        var scrape = await _service.ScrapeAsync();

        Assert.Equal("histogram", scrape.Types["iotbus_sizes"]);
        Assert.Equal(2, scrape["iotbus_sizes_bucket{topic=\"t\",le=\"10\"}"]);
        Assert.Equal(4, scrape["iotbus_sizes_bucket{topic=\"t\",le=\"100\"}"]);
        Assert.Equal(6, scrape["iotbus_sizes_bucket{topic=\"t\",le=\"+Inf\"}"]);
        Assert.Equal(6, scrape["iotbus_sizes_count{topic=\"t\"}"]);
        Assert.Equal(5_223, scrape["iotbus_sizes_sum{topic=\"t\"}"]);
    }

    [Theory]
    [InlineData("iotbus_apply_seconds", "0.0025")]
    [InlineData("iotbus_event_age_seconds", "86400")]
    [InlineData("iotbus_other_seconds", "0.075")]
    public async Task Histograms_have_buckets_that_fit_what_they_measure(string name, string bound)
    {
        _meter.CreateHistogram<double>(name).Record(0.001);

        var scrape = await _service.ScrapeAsync();

        Assert.Equal(bound != "0.075", scrape.Samples.ContainsKey($"{name}_bucket{{le=\"{bound}\"}}"));
        Assert.True(scrape.Samples.ContainsKey($"{name}_bucket{{le=\"0.25\"}}"));
    }

    [Fact]
    public async Task Buckets_can_be_configured()
    {
        await using var service = await ServiceHost.StartAsync(builder =>
        {
            builder.Configuration["Metrics:Buckets:iotbus_apply_seconds:0"] = "2";
            builder.Configuration["Metrics:Buckets:iotbus_apply_seconds:1"] = "1";
        });
        var meter = service.App.Services.GetRequiredService<IMeterFactory>().Create("IotBus.Test");
        meter.CreateHistogram<double>("iotbus_apply_seconds").Record(1.5);

        var scrape = await service.ScrapeAsync();

        Assert.Equal(
            ["iotbus_apply_seconds_bucket{le=\"1\"}", "iotbus_apply_seconds_bucket{le=\"2\"}", "iotbus_apply_seconds_bucket{le=\"+Inf\"}"],
            scrape.SeriesOf("iotbus_apply_seconds_bucket"));
    }

    [Fact]
    public async Task Label_values_and_help_texts_are_escaped()
    {
        var counter = _meter.CreateCounter<long>("iotbus_odd_total", description: "One \\ and\nanother \"line\".");
        counter.Add(1, Tag("what", "a\"b\\c\nd é"));

        var scrape = await _service.ScrapeAsync();

        Assert.Equal("One \\ and\nanother \"line\".", scrape.Helps["iotbus_odd_total"]);
        Assert.Equal(1, scrape["iotbus_odd_total{what=\"a\\\"b\\\\c\\nd é\"}"]);
    }

    [Fact]
    public async Task Names_become_names_that_Prometheus_allows()
    {
        _meter.CreateCounter<long>("iotbus.dots-and/slashes").Add(1, Tag("1st.key", "v"), Tag("zwei", 2), Tag("nothing", null));

        Assert.Equal(1, (await _service.ScrapeAsync())["iotbus_dots_and_slashes{_1st_key=\"v\",nothing=\"\",zwei=\"2\"}"]);
    }

    [Fact]
    public async Task The_same_labels_in_another_order_are_the_same_series()
    {
        var counter = _meter.CreateCounter<long>("iotbus_pairs_total");
        counter.Add(1, Tag("a", "1"), Tag("b", "2"));
        counter.Add(1, Tag("b", "2"), Tag("a", "1"));

        Assert.Equal(2, (await _service.ScrapeAsync())["iotbus_pairs_total{a=\"1\",b=\"2\"}"]);
    }

    [Fact]
    public async Task A_series_that_is_no_longer_observed_is_gone()
    {
        var partitions = new List<int> { 0, 1 };
        _meter.CreateObservableGauge("iotbus_lag", () => partitions.Select(p => new Measurement<long>(10 + p, Tag("partition", p))));
        Assert.Equal(["iotbus_lag{partition=\"0\"}", "iotbus_lag{partition=\"1\"}"], (await _service.ScrapeAsync()).SeriesOf("iotbus_lag"));

        partitions.Remove(0);

        Assert.Equal(["iotbus_lag{partition=\"1\"}"], (await _service.ScrapeAsync()).SeriesOf("iotbus_lag"));
    }

    [Fact]
    public async Task An_observation_that_fails_leaves_the_others()
    {
        _meter.CreateObservableGauge("iotbus_broken", long () => throw new InvalidOperationException("Made to fail."));
        _meter.CreateObservableGauge("iotbus_whole", () => 1L);

        var scrape = await _service.ScrapeAsync();

        Assert.Equal(1, scrape["iotbus_whole"]);
        Assert.Empty(scrape.SeriesOf("iotbus_broken"));
    }

    [Fact]
    public async Task Series_beyond_the_bound_are_counted_together()
    {
        await using var service = await ServiceHost.StartAsync(builder => builder.Configuration["Metrics:MaxSeries"] = "10");
        var counter = service.App.Services.GetRequiredService<IMeterFactory>().Create("IotBus.Test").CreateCounter<long>("iotbus_many_total");
        for (var i = 0; i < 1_000; i++)
            counter.Add(1, Tag("device", i));

        var scrape = await service.ScrapeAsync();

        Assert.Equal(11, scrape.SeriesOf("iotbus_many_total").Count());
        Assert.Equal(990, scrape["iotbus_many_total{overflow=\"true\"}"]);
        Assert.Equal(1_000, scrape.SeriesOf("iotbus_many_total").Sum(series => scrape[series]));
    }

    [Fact]
    public async Task Meters_of_another_service_in_the_same_process_are_not_its_own()
    {
        await using var other = await ServiceHost.StartAsync();
        other.App.Services.GetRequiredService<IMeterFactory>().Create("IotBus.Test").CreateCounter<long>("iotbus_theirs_total").Add(1);
        _meter.CreateCounter<long>("iotbus_ours_total").Add(1);

        var scrape = await _service.ScrapeAsync();

        Assert.Single(scrape.SeriesOf("iotbus_ours_total"));
        Assert.Empty(scrape.SeriesOf("iotbus_theirs_total"));
    }

    [Fact]
    public async Task Only_listed_meters_are_shown()
    {
        await using var service = await ServiceHost.StartAsync(builder => builder.Configuration["Metrics:Meters:0"] = "Some.*");
        var factory = service.App.Services.GetRequiredService<IMeterFactory>();
        factory.Create("Some.Library").CreateCounter<long>("some_total").Add(1);
        factory.Create("Other.Library").CreateCounter<long>("other_total").Add(1);
        factory.Create("IotBus.Test").CreateCounter<long>("iotbus_total").Add(1);

        var scrape = await service.ScrapeAsync();

        Assert.Equal((1, 1), (scrape["some_total"], scrape["iotbus_total"]));
        Assert.Empty(scrape.SeriesOf("other_total"));
    }

    [Fact]
    public async Task An_instrument_of_another_kind_under_a_known_name_is_not_shown()
    {
        _meter.CreateCounter<long>("iotbus_twice").Add(1);
        _meter.CreateHistogram<long>("iotbus_twice").Record(1);

        var scrape = await _service.ScrapeAsync();

        Assert.Equal(("counter", 1), (scrape.Types["iotbus_twice"], scrape["iotbus_twice"]));
    }

    [Fact]
    public async Task The_process_and_its_runtime_are_shown()
    {
        var scrape = await _service.ScrapeAsync();

        Assert.True(scrape["process_cpu_seconds_total"] > 0);
        Assert.True(scrape["process_resident_memory_bytes"] > 1_000_000);
        Assert.True(scrape["dotnet_gc_heap_bytes"] > 0);
        Assert.Equal(3, scrape.SeriesOf("dotnet_gc_collections_total").Count());
    }

    private static KeyValuePair<string, object?> Tag(string key, object? value) => new(key, value);
}
