using System.Diagnostics.Metrics;
using IotBus.ServiceDefaults.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace IotBus.ServiceDefaults.Tests.Metrics;

/// <summary>What a measurement costs the code that makes it.</summary>
public sealed class RecordingTests : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly MetricsRegistry _registry;
    private readonly Meter _meter;

    public RecordingTests()
    {
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = _services.GetRequiredService<IMeterFactory>();
        _registry = new MetricsRegistry(factory, Options.Create(new MetricsOptions()), NullLogger<MetricsRegistry>.Instance);
        _meter = factory.Create("IotBus.Test");
    }

    public void Dispose()
    {
        _registry.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void A_measurement_allocates_nothing()
    {
        var counter = _meter.CreateCounter<long>("iotbus_events_total");
        var histogram = _meter.CreateHistogram<double>("iotbus_apply_seconds");
        object partition = 3;
        void Measure()
        {
            counter.Add(1);
            counter.Add(1, new KeyValuePair<string, object?>("type", "boot"));
            counter.Add(1, new("topic", "sensor-telemetry"), new("group", "processors"), new("partition", partition));
            histogram.Record(0.01, new KeyValuePair<string, object?>("topic", "sensor-telemetry"));
        }

        for (var i = 0; i < 100; i++)
            Measure();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            Measure();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task No_measurement_is_lost_when_many_threads_measure_at_once()
    {
        var counter = _meter.CreateCounter<long>("iotbus_events_total");
        var histogram = _meter.CreateHistogram<double>("iotbus_apply_seconds");
        const int Threads = 8;
        const int Times = 20_000;

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < Times; i++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("shard", (i % 50).ToString(System.Globalization.CultureInfo.InvariantCulture)));
                histogram.Record(i % 2);
            }
        })));

        var values = new Dictionary<string, double>();
        var counts = new long[MetricsBounds + 1];
        _registry.Scrape((family, series) =>
        {
            values[family.Name] = series.Sum(one => one.Value);
            if (family.Kind == MetricKind.Histogram)
                series[0].CopyCounts(counts);
        });
        Assert.Equal(Threads * Times, values["iotbus_events_total"]);
        Assert.Equal(Threads * Times / 2, values["iotbus_apply_seconds"]);
        Assert.Equal(Threads * Times, counts.Sum());
    }

    private static int MetricsBounds => new MetricsOptions().Buckets[MetricsOptions.ApplySeconds].Length;
}
