using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

public sealed class PauseTests
{
    [Fact]
    public async Task A_slow_partition_is_paused_while_polling_goes_on_so_that_the_group_keeps_the_member_and_the_lag_is_told()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, recorder) = (await kafka.CreateTopicAsync("readings", 2), kafka.NewGroup(), new Recorder());
        using var lag = new LagReader(group);
        using var raw = new RawProducer(kafka);
        var patience = TimeSpan.FromSeconds(6);
        var release = new TaskCompletionSource();
        recorder.OnBatch = (batch, _) => batch.Partition == 0 ? release.Task : Task.CompletedTask;
        await using var host = await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder, endpoint =>
        {
            endpoint.MaxBatchSize = 10;
            endpoint.PrefetchCount = 20;
            endpoint.SessionTimeout = patience;

            // A poll that waited for the consumer would miss this, and the client would leave the group.
            endpoint.ConfigureConsumer = config => config.MaxPollIntervalMs = (int)patience.TotalMilliseconds;
        });
        await Task.WhenAll(Enumerable.Range(0, 200).Select(n => raw.ProduceAsync(topic, Noise(n), partition: 0)));

        var blocked = Stopwatch.StartNew();
        var others = 0;
        await Eventually.TrueAsync(async () =>
        {
            await raw.ProduceAsync(topic, Noise(1000 + others++), partition: 1);
            return blocked.Elapsed > patience * 1.3 && lag.Of(0) == 200 && lag.Paused >= 1;
        });
        await Eventually.TrueAsync(() => recorder.Count == others);
        Assert.All(recorder.Batches, batch => Assert.True(batch.Assignment.SinceLastPoll < patience / 2));
        release.SetResult();

        await Eventually.TrueAsync(() => recorder.Count == 200 + others);
        Assert.Equal(2, recorder.Batches.Select(batch => batch.Assignment).Distinct().Count());
        Assert.Equal(
            Enumerable.Range(0, 200),
            recorder.Batches.Where(batch => batch.Assignment.Partition == 0).SelectMany(batch => batch.Messages).Select(message => ((Noise)message.Message).Decibel));
        await Eventually.TrueAsync(() => lag.Of(0) == 0 && lag.Of(1) == 0 && lag.Paused == 0);
    }

    private static string Noise(int n) => $$"""{"type":"noise","id":"{{Guid.NewGuid()}}","device":"d","decibel":{{n}}}""";

    /// <summary>Reads the gauges as an exporter does.</summary>
    private sealed class LagReader : IDisposable
    {
        private readonly ConcurrentDictionary<int, long> _lag = new();
        private readonly MeterListener _listener = new();

        public LagReader(string group)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == KafkaMetrics.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            {
                var labels = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value);
                if (!group.Equals(labels.GetValueOrDefault("group")))
                    return;

                if (instrument.Name == "iotbus_consumer_lag")
                    _lag[(int)labels["partition"]!] = value;
                else if (instrument.Name == "iotbus_consumer_paused_partitions")
                    Paused = value;
            });
            _listener.Start();
        }

        public long Paused { get; private set; }

        public long? Of(int partition)
        {
            _listener.RecordObservableInstruments();
            return _lag.TryGetValue(partition, out var lag) ? lag : null;
        }

        public void Dispose() => _listener.Dispose();
    }
}
