using Confluent.Kafka;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

/// <summary>Puts letters into a dead-letter topic as the rider does, and gives the queue of a test's broker.</summary>
internal static class Letters
{
    public static DeadLetterQueue Queue(KafkaServer kafka, Func<DeadLetterQueueOptions, DeadLetterQueueOptions>? change = null)
    {
        var options = new DeadLetterQueueOptions { BootstrapServers = kafka.BootstrapServers, Operator = "tester" };
        return new DeadLetterQueue(change?.Invoke(options) ?? options);
    }

    /// <summary>What the cluster's other topics hold is none of a test's business: on a real one, others may be there.</summary>
    public static DeadLetterSelection Of(string topic) => new() { Topic = topic };

    public static async Task<MessagePlace> PutAsync(
        this RawProducer producer,
        string topic,
        string? value = "value",
        string? key = null,
        string reason = "malformed",
        int partition = 0,
        long offset = 0,
        DateTimeOffset? at = null,
        params (string Name, string Value)[] headers)
    {
        var put = await producer.ProduceAsync(topic + ".dlq", value, partition, key, [.. headers, .. Headers(topic, reason, partition, offset, at)]);
        return new MessagePlace(put.Topic, put.Partition, put.Offset);
    }

    public static (string Name, string Value)[] Headers(string topic, string reason = "malformed", int partition = 0, long offset = 0, DateTimeOffset? at = null)
    {
        var time = (at ?? DateTimeOffset.UtcNow).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", null);
        return
        [
            (DeadLetterHeaders.Reason, reason),
            (DeadLetterHeaders.Topic, topic),
            (DeadLetterHeaders.Partition, $"{partition}"),
            (DeadLetterHeaders.Offset, $"{offset}"),
            (DeadLetterHeaders.Attempts, "2"),
            (DeadLetterHeaders.FirstFailure, time),
            (DeadLetterHeaders.LastFailure, time),
        ];
    }

    public static async Task<List<DeadLetter>> AllAsync(this DeadLetterQueue queue, DeadLetterSelection selection)
    {
        List<DeadLetter> letters = [];
        await foreach (var letter in queue.ReadAsync(selection))
            letters.Add(letter);

        return letters;
    }

    /// <summary>The marks in a topic's dead-letter topic.</summary>
    public static List<Message<byte[], byte[]>> Marks(KafkaServer kafka, string topic, int count) =>
        [.. RawConsumer.Read(kafka, topic + ".dlq", count).Select(record => record.Message).Where(message => message.Headers.TryGetLastBytes(DeadLetterHeaders.Mark, out _))];
}
