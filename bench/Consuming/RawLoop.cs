using System.Text.Json;
using Confluent.Kafka;
using IotBus.Kafka;
using IotBus.Messages;

namespace IotBus.Bench.Consuming;

/// <summary>
/// The least a program does: Confluent.Kafka's <c>Consume</c> in a loop on one thread, each value deserialized to the message record and dropped. Its settings are
/// the client's defaults, but for two without which it would idle; offsets are committed in the background. It does not read headers, group messages by partition, tell types apart or survive a bad one.
/// </summary>
internal static class RawLoop
{
    public const string Name = "raw";

    /// <summary>The same without deserializing.</summary>
    public const string NameOfBytes = "raw-bytes";

    public static void Run(string bootstrapServers, string topic, string group, ConsumingClock clock, bool deserialize, CancellationToken cancellationToken)
    {
        Librdkafka.EnsureLoaded();
        var config = new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            FetchWaitMaxMs = 50,
        };

        // A loop slower than the broker fills the client's queue. By default the client looks only once a second whether there is room again, and lets requests
        // for partitions at their end rest for half a second, others behind them.
        config.Set("fetch.queue.backoff.ms", "10");
        using var consumer = new ConsumerBuilder<byte[], byte[]>(config).Build();
        consumer.Subscribe(topic);
        while (!clock.Done.IsCompleted)
        {
            var value = consumer.Consume(cancellationToken).Message.Value;
            if (deserialize && JsonSerializer.Deserialize(value, MessagesJsonContext.Default.TelemetryRecorded) is null)
                throw new BenchException("a message is the JSON literal null.");

            clock.Consumed(1);
        }

        consumer.Close();
    }
}
