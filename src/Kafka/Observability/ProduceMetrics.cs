using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace IotBus.Kafka;

/// <summary>The instruments of what is produced. Thread-safe. Times are taken only while someone reads them.</summary>
internal static class ProduceMetrics
{
    private static readonly ConcurrentDictionary<(string Topic, ProduceFailure Reason), long> Failures = new();

    private static readonly Histogram<double> Latency = KafkaMetrics.Meter.CreateHistogram<double>(
        "iotbus_produce_seconds", unit: "s", description: "From handing a message to the client to Kafka's acknowledgement, by topic.");

    private static readonly ObservableCounter<long> Failed = KafkaMetrics.Meter.CreateObservableCounter(
        "iotbus_produce_failures_total", Observe, description: "Messages that Kafka did not acknowledge or the client did not take.");

    /// <summary>The topic's failures are there at zero from the start, so that a rate over time sees the first one.</summary>
    public static void Expect(string topic)
    {
        _ = Failed;
        foreach (var reason in Enum.GetValues<ProduceFailure>())
            Failures.TryAdd((topic, reason), 0);
    }

    /// <summary>The time to measure from; 0 when nobody reads.</summary>
    public static long Start() => Latency.Enabled ? Stopwatch.GetTimestamp() : 0;

    public static void Acknowledged(string topic, long started)
    {
        if (started != 0)
            Latency.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("topic", topic));
    }

    public static void Failure(string topic, ProduceFailure reason) => Failures.AddOrUpdate((topic, reason), 1, (_, count) => count + 1);

    private static IEnumerable<Measurement<long>> Observe()
    {
        foreach (var ((topic, reason), count) in Failures)
        {
            yield return new Measurement<long>(
                count, new KeyValuePair<string, object?>("topic", topic), new KeyValuePair<string, object?>("reason", Label(reason)));
        }
    }

    private static string Label(ProduceFailure reason) => reason switch
    {
        ProduceFailure.QueueFull => "queue_full",
        ProduceFailure.NotAcknowledged => "not_acknowledged",
        ProduceFailure.BacklogFull => "backlog_full",
        _ => "refused",
    };
}
