using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

public sealed class ProduceMetricsTests
{
    [Fact]
    public async Task Every_acknowledgement_is_timed_and_every_failure_counted_by_its_reason()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await ReadingsHost.ProducerAsync(kafka, topic, k => k.ConfigureProducer(producer => producer.MaxMessageBytes = 2000));
        using var instruments = new Measured(topic);

        await host.Producer<string, Reading>().Produce("a", Some.Warmth());
        await host.Producer<string, Reading>().Produce("a", Some.Warmth());
        await Assert.ThrowsAsync<TopicProduceException>(() => host.Producer<string, Reading>().Produce("a", Some.Warmth(new string('x', 2000))));

        Assert.Equal(2, instruments.Seconds.Count);
        Assert.All(instruments.Seconds, seconds => Assert.InRange(seconds, 0, Eventually.DefaultDeadline.TotalSeconds));
        Assert.Equal(
            [("backlog_full", 0L), ("not_acknowledged", 0L), ("queue_full", 0L), ("refused", 1L)],
            instruments.ReadFailures().OrderBy(failure => failure.Reason));
    }

    private sealed class Measured : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<double> _seconds = new();
        private readonly ConcurrentQueue<(string, long)> _failures = new();

        public Measured(string topic)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == KafkaMetrics.MeterName && instrument.Name.StartsWith("iotbus_produce_", StringComparison.Ordinal))
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) =>
            {
                if (topic.Equals(Tag(tags, "topic")))
                    _seconds.Enqueue(seconds);
            });
            _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
            {
                if (topic.Equals(Tag(tags, "topic")))
                    _failures.Enqueue(((string)Tag(tags, "reason")!, count));
            });
            _listener.Start();
        }

        public ConcurrentQueue<double> Seconds => _seconds;

        public IReadOnlyCollection<(string Reason, long Count)> ReadFailures()
        {
            _failures.Clear();
            _listener.RecordObservableInstruments();
            return [.. _failures];
        }

        public void Dispose() => _listener.Dispose();

        private static object? Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
        {
            foreach (var tag in tags)
            {
                if (tag.Key == name)
                    return tag.Value;
            }

            return null;
        }
    }
}
