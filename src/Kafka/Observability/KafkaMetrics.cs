using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace IotBus.Kafka;

/// <summary>
/// The rider's instruments, on the meter <see cref="MeterName"/>. Their names are those under which Prometheus shows them.
/// </summary>
public static class KafkaMetrics
{
    public const string MeterName = "IotBus.Kafka";

    internal static Meter Meter { get; } = new(MeterName);
    private static readonly ConcurrentDictionary<TopicEndpoint, LagMonitor> Endpoints = new();
    private static readonly ConcurrentDictionary<IRecordProducer, byte> Producers = new();

    private static readonly DeadLetterCounts Counts = new();

    private static readonly ObservableCounter<long> DeadLetters = Meter.CreateObservableCounter(
        "iotbus_dead_letters_total", Counts.Observe, description: "Messages put into a dead-letter topic, by the topic they came from.");

    private static readonly ObservableGauge<long> Lag = Meter.CreateObservableGauge(
        "iotbus_consumer_lag", ObserveLag, description: "Messages of a partition that its group has not applied.");

    private static readonly ObservableGauge<long> Paused = Meter.CreateObservableGauge(
        "iotbus_consumer_paused_partitions", ObservePaused, description: "Partitions of which nothing is fetched: their buffer is full, or a batch fails.");

    private static readonly ObservableGauge<long> Queue = Meter.CreateObservableGauge(
        "iotbus_produce_queue_depth", ObserveQueue, description: "Messages that wait for Kafka's acknowledgement.");

    private static readonly Counter<long> SkippedMessages = Meter.CreateCounter<long>(
        "iotbus_skipped_messages_total", description: "Messages that failed and were passed over, by the topic they came from.");

    private static readonly Counter<long> Rebalances = Meter.CreateCounter<long>(
        "iotbus_consumer_rebalances_total", description: "How often partitions were assigned, revoked or lost.");

    private static readonly Histogram<double> Commits = Meter.CreateHistogram<double>(
        "iotbus_consumer_commit_seconds", "s", "From an offset's being ready to be committed to the broker's answer, the checkpoint interval included.");

    private static readonly ObservableGauge<long> InFlight = Meter.CreateObservableGauge(
        "iotbus_consumer_in_flight", ObserveInFlight, description: "Messages that are being applied one by one.");

    internal static bool LagIsRead => Lag.Enabled;

    internal static void DeadLettered(string topic, string reason) => Counts.Add(topic, reason);

    internal static void Skipped(string topic, string reason) => SkippedMessages.Add(
        1, new KeyValuePair<string, object?>("topic", topic), new KeyValuePair<string, object?>("reason", ReasonLabel(reason)));

    internal static void Rebalanced(string group, string what) => Rebalances.Add(
        1, new KeyValuePair<string, object?>("group", group), new KeyValuePair<string, object?>("event", what));

    internal static void CommitTook(string group, TimeSpan time) => Commits.Record(time.TotalSeconds, new KeyValuePair<string, object?>("group", group));

    internal static string ReasonLabel(string reason) => Counts.LabelOf(reason);

    internal static void Observe(TopicEndpoint endpoint)
    {
        foreach (var topic in endpoint.Definition.Topics)
            Counts.Expect(topic);

        Endpoints[endpoint] = new LagMonitor(endpoint);
    }

    internal static void Forget(TopicEndpoint endpoint)
    {
        if (Endpoints.TryRemove(endpoint, out var monitor))
            monitor.Dispose();
    }

    internal static void Observe(IRecordProducer producer) => Producers[producer] = 0;

    internal static void Forget(IRecordProducer producer) => Producers.TryRemove(producer, out _);

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
                endpoint.Session?.Workers.Count(worker => worker.Paused || worker.Failing || worker.Halted) ?? 0,
                new KeyValuePair<string, object?>("group", endpoint.Definition.Group));
        }
    }

    private static IEnumerable<Measurement<long>> ObserveInFlight()
    {
        foreach (var endpoint in Endpoints.Keys)
        {
            yield return new Measurement<long>(
                endpoint.Session?.Workers.Sum(worker => (long)worker.InFlight) ?? 0,
                new KeyValuePair<string, object?>("group", endpoint.Definition.Group));
        }
    }

    private static IEnumerable<Measurement<long>> ObserveQueue()
    {
        yield return new Measurement<long>(Producers.Keys.Sum(producer => (long)producer.Queued));
    }
}
