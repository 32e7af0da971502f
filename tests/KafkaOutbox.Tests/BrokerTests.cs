using System.Text.Json;
using Confluent.Kafka;
using IotBus.Kafka;
using IotBus.Kafka.Embedded;
using IotBus.MongoDb;
using IotBus.Persistence.Tests;
using IotBus.Testing;

namespace IotBus.KafkaOutbox.Tests;

/// <summary>On a broker, with what can go wrong there.</summary>
[Collection(StoreSuite.Name)]
public sealed class BrokerTests(StoreFixture store)
{
    [Fact]
    public async Task Messages_of_many_transactions_are_on_the_topic_in_order_by_key()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("notes", partitions: 3);
        var database = store.NewDatabase();
        await using var bus = await NotesBus.StartAsync(database, topic, kafka.BootstrapServers);

        for (var first = 0; first < 200; first += 20)
            await bus.TakeAsync(first, 20);

        await DeliveredAsync(database, kafka, topic, 200);
        Assert.All(ByKey(kafka, topic), numbers => Assert.Equal(numbers.Order(), numbers));
    }

    [EmbeddedKafkaFact]
    public async Task What_a_broker_refuses_is_produced_again_and_nothing_of_its_key_overtakes_it()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("notes");
        var database = store.NewDatabase();
        await using var bus = await NotesBus.StartAsync(database, topic, kafka.BootstrapServers);
        await bus.TakeAsync(0, 1);
        await DeliveredAsync(database, kafka, topic, 1);

        // Not to be tried again by the client: the delivery fails, and the outbox starts anew from there.
        kafka.Embedded!.FailRequests(KafkaRequest.Produce, ErrorCode.TopicAuthorizationFailed);
        await bus.TakeAsync(1, 50);

        await DeliveredAsync(database, kafka, topic, 51);
        Assert.All(ByKey(kafka, topic), numbers => Assert.Equal(numbers.Distinct().Order(), numbers.Distinct()));
    }

    private static async Task DeliveredAsync(MongoDatabase database, KafkaServer kafka, string topic, int count)
    {
        await Eventually.TrueAsync(() => Read(kafka, topic).Select(Number).Distinct().Count() == count);
        await Eventually.TrueAsync(async () => await database.GetCollection("outbox").CountAsync(BsonDocument.Empty) == 0);
    }

    private static IEnumerable<List<int>> ByKey(KafkaServer kafka, string topic) =>
        Read(kafka, topic).GroupBy(note => note.Message.Key).Select(key => key.Select(Number).ToList());

    private static int Number(ConsumeResult<string, byte[]> note) => JsonDocument.Parse(note.Message.Value).RootElement.GetProperty("number").GetInt32();

    /// <summary>All that the topic holds.</summary>
    private static List<ConsumeResult<string, byte[]>> Read(KafkaServer kafka, string topic)
    {
        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = kafka.BootstrapServers,
            GroupId = "unused",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
        }).Build();
        var partitions = new DependentAdminClientBuilder(consumer.Handle).Build().GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics[0].Partitions.Count;
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        List<ConsumeResult<string, byte[]>> notes = [];
        using var deadline = new CancellationTokenSource(Eventually.DefaultDeadline);
        for (var ended = 0; ended < partitions;)
        {
            var note = consumer.Consume(deadline.Token);
            if (note.IsPartitionEOF)
                ended++;
            else
                notes.Add(note);
        }

        return notes;
    }
}
