using Confluent.Kafka;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

/// <summary>What other programs produce in transactions. The embedded broker knows transactions, but hands out what was aborted to everybody.</summary>
public sealed class TransactionTests
{
    [RealKafkaFact]
    public async Task Messages_of_aborted_transactions_are_not_consumed_and_those_of_committed_ones_once_and_the_lag_ends()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, seen) = (await kafka.CreateTopicAsync("noises"), kafka.NewGroup(), new Seen());
        await ProduceAsync(kafka, topic);
        using var instruments = new Instruments("group", group);

        await using var host = await NoiseHost.StartAsync(kafka, topic, group, seen);

        // Seven messages, and what ended the three transactions.
        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 10, state: host.Log.ToString);
        await Eventually.TrueAsync(() => instruments.Lag(0) == 0, state: () => $"{instruments.Lag(0)}\n{host.Log}");
        Assert.Equal([1, 2, 5, 6, 7], seen.Messages.Select(message => message.Decibel));
    }

    [RealKafkaFact]
    public async Task A_message_of_an_open_transaction_holds_what_is_behind_it_until_the_transaction_ends()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, seen) = (await kafka.CreateTopicAsync("noises"), new Seen());
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, NoiseHost.Json(1));
        using var producer = Producer(kafka);
        Begin(producer, topic, 2);
        await raw.ProduceAsync(topic, NoiseHost.Json(3));
        await using var host = await NoiseHost.StartAsync(kafka, topic, kafka.NewGroup(), seen);
        await Eventually.TrueAsync(() => seen.Messages.Count == 1, state: host.Log.ToString);

        producer.CommitTransaction();

        await Eventually.TrueAsync(() => seen.Messages.Count == 3, state: host.Log.ToString);
        Assert.Equal([1, 2, 3], seen.Messages.Select(message => message.Decibel));
    }

    [Fact]
    public async Task Who_reads_what_is_not_committed_consumes_the_messages_of_all_transactions_once()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, seen) = (await kafka.CreateTopicAsync("noises"), kafka.NewGroup(), new Seen());
        await ProduceAsync(kafka, topic);

        await using var host = await NoiseHost.StartAsync(kafka, topic, group, seen, (_, endpoint) => endpoint.UseIsolationLevel(IsolationLevel.ReadUncommitted));

        await Eventually.TrueAsync(() => seen.Messages.Any(message => message.Decibel == 7), state: host.Log.ToString);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], seen.Messages.Select(message => message.Decibel));
    }

    /// <summary>1, 2 and 5, 6 in transactions that are committed, 3, 4 in one that is aborted, and 7 in none.</summary>
    private static async Task ProduceAsync(KafkaServer kafka, string topic)
    {
        using var producer = Producer(kafka);
        Begin(producer, topic, 1, 2);
        producer.CommitTransaction();
        Begin(producer, topic, 3, 4);
        producer.AbortTransaction();
        Begin(producer, topic, 5, 6);
        producer.CommitTransaction();

        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, NoiseHost.Json(7));
    }

    private static IProducer<Null, string> Producer(KafkaServer kafka)
    {
        var producer = new ProducerBuilder<Null, string>(
            new ProducerConfig { BootstrapServers = kafka.BootstrapServers, TransactionalId = $"transactions-{Guid.NewGuid():N}" }).Build();
        producer.InitTransactions(Eventually.DefaultDeadline);
        return producer;
    }

    /// <summary>Begins a transaction; the broker has its messages when this returns, however it ends.</summary>
    private static void Begin(IProducer<Null, string> producer, string topic, params ReadOnlySpan<int> decibels)
    {
        producer.BeginTransaction();
        foreach (var decibel in decibels)
            producer.Produce(new TopicPartition(topic, 0), new Message<Null, string> { Value = NoiseHost.Json(decibel) });

        Assert.Equal(0, producer.Flush(Eventually.DefaultDeadline));
    }
}
