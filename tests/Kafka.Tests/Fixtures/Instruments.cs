using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace IotBus.Kafka.Tests;

/// <summary>Reads the rider's instruments as an exporter does, filtered by one label, since tests share the process.</summary>
internal sealed class Instruments : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _values = new();
    private readonly MeterListener _listener = new();

    public Instruments(string label, string value)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == KafkaMetrics.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, measurement, tags, _) =>
        {
            var labels = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value);
            if (!value.Equals(labels.GetValueOrDefault(label)))
                return;

            var rest = string.Join(',', labels.Where(tag => tag.Key is "partition" or "reason").Select(tag => tag.Value));
            var key = $"{instrument.Name}{{{rest}}}";
            if (instrument is Counter<long>)
                _values.AddOrUpdate(key, measurement, (_, sum) => sum + measurement);
            else
                _values[key] = measurement;
        });
        _listener.Start();
    }

    public long? Lag(int partition) => Read($"iotbus_consumer_lag{{{partition}}}");

    public long? Paused => Read("iotbus_consumer_paused_partitions{}");

    public long? DeadLetters(string reason) => Read($"iotbus_dead_letters_total{{{reason}}}");

    public long? Skipped(string reason) => Read($"iotbus_skipped_messages_total{{{reason}}}");

    public void Dispose() => _listener.Dispose();

    private long? Read(string key)
    {
        _listener.RecordObservableInstruments();
        return _values.TryGetValue(key, out var value) ? value : null;
    }
}
