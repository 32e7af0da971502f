using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace IotBus.Kafka;

/// <summary>
/// The rider's instruments, on the meter <see cref="MeterName"/>. Their names are those under which Prometheus shows them.
/// </summary>
public static class KafkaMetrics
{
    public const string MeterName = "IotBus.Kafka";

    // A reason that is longer or more than a code would make a series of its own of every message.
    private const int MaxReasonLength = 64;

    private static readonly Meter Meter = new(MeterName);
    private static readonly ConcurrentDictionary<TopicEndpoint, LagMonitor> Endpoints = new();
    private static readonly ConcurrentDictionary<KafkaProducer, byte> Producers = new();

    private static readonly Counter<long> DeadLetters = Meter.CreateCounter<long>(
        "iotbus_dead_letters_total", description: "Messages put into a dead-letter topic, by the topic they came from.");

    private static readonly ObservableGauge<long> Lag = Meter.CreateObservableGauge(
        "iotbus_consumer_lag", ObserveLag, description: "Messages of a partition that its group has not applied.");

    private static readonly ObservableGauge<long> Paused = Meter.CreateObservableGauge(
        "iotbus_consumer_paused_partitions", ObservePaused, description: "Partitions of which nothing is fetched: their buffer is full, or a batch fails.");

    private static readonly ObservableGauge<long> Queue = Meter.CreateObservableGauge(
        "iotbus_produce_queue_depth", ObserveQueue, description: "Messages that wait for Kafka's acknowledgement.");

    internal static bool LagIsRead => Lag.Enabled;

    internal static void DeadLettered(string topic, string reason) => DeadLetters.Add(
        1,
        new KeyValuePair<string, object?>("topic", topic),
        new KeyValuePair<string, object?>("reason", IsCode(reason) ? reason : "rejected"));

    internal static void Observe(TopicEndpoint endpoint) => Endpoints[endpoint] = new LagMonitor(endpoint);

    internal static void Forget(TopicEndpoint endpoint)
    {
        if (Endpoints.TryRemove(endpoint, out var monitor))
            monitor.Dispose();
    }

    internal static void Observe(KafkaProducer producer) => Producers[producer] = 0;

    internal static void Forget(KafkaProducer producer) => Producers.TryRemove(producer, out _);

    private static bool IsCode(string reason) =>
        reason.Length <= MaxReasonLength && reason.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-' or '.');

    private static IEnumerable<Measurement<long>> ObserveLag()
    {
        foreach (var endpoint in Endpoints.Keys)
        {
            foreach (var worker in endpoint.Session?.Workers ?? [])
            {
                if (worker.HighWatermark < 0 || worker.Position < 0)
                    continue;

                yield return new Measurement<long>(
                    Math.Max(0, worker.HighWatermark - worker.Position),
                    new KeyValuePair<string, object?>("group", endpoint.Definition.Group),
                    new KeyValuePair<string, object?>("topic", worker.Partition.Topic),
                    new KeyValuePair<string, object?>("partition", worker.Partition.Partition.Value));
            }
        }
    }

    private static IEnumerable<Measurement<long>> ObservePaused()
    {
        foreach (var endpoint in Endpoints.Keys)
        {
            yield return new Measurement<long>(
                endpoint.Session?.Workers.Count(worker => worker.Paused || worker.Failing) ?? 0,
                new KeyValuePair<string, object?>("group", endpoint.Definition.Group));
        }
    }

    private static IEnumerable<Measurement<long>> ObserveQueue()
    {
        yield return new Measurement<long>(Producers.Keys.Sum(producer => (long)producer.Queued));
    }
}
