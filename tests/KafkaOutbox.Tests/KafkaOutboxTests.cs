using System.Text;
using System.Text.Json;
using IotBus.Kafka;
using IotBus.MongoDb;
using IotBus.Persistence.Tests;
using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.KafkaOutbox.Tests;

[Collection(StoreSuite.Name)]
public sealed class KafkaOutboxTests(StoreFixture store)
{
    private const string Topic = "notes";

    private readonly InMemoryKafka _kafka = new();

    [Fact]
    public async Task What_a_consumer_produces_is_on_the_topic_as_raw_json_with_its_key_and_headers_once_it_has_consumed()
    {
        var database = store.NewDatabase();
        await using var bus = await StartAsync(database);

        await bus.TakeAsync(first: 7, count: 1);

        await Eventually.TrueAsync(() => Produced.Count == 1);
        Assert.Equal("odd", Encoding.UTF8.GetString(Produced[0].Key!));
        Assert.Equal("""{"number":7}""", Encoding.UTF8.GetString(Produced[0].Value!));
        Assert.Contains(Produced[0].Headers, header => header.Key == "Taken");
        await Eventually.TrueAsync(async () => await WaitingAsync(database) == 0);
    }

    [Fact]
    public async Task What_a_consumer_produced_before_it_failed_is_never_on_the_topic()
    {
        await using var bus = await StartAsync(store.NewDatabase());

        await bus.TakeAsync(first: 1, count: 1, fails: true);
        await bus.TakeAsync(first: 2, count: 1);

        await Eventually.TrueAsync(() => Produced.Count > 0);
        Assert.Equal([2], Numbers);
    }

    [Fact]
    public async Task Many_messages_are_on_the_topic_in_the_order_in_which_they_were_produced()
    {
        const int count = 500;
        var database = store.NewDatabase();
        await using var bus = await StartAsync(database);

        for (var first = 0; first < count; first += 125)
            await bus.TakeAsync(first, 125);

        await Eventually.TrueAsync(() => Produced.Count >= count);
        Assert.Equal(Enumerable.Range(0, count), Numbers);
        await Eventually.TrueAsync(async () => await WaitingAsync(database) == 0);
    }

    [Fact]
    public async Task Without_a_rider_the_outbox_says_what_to_add()
    {
        await using var bus = await TestBus.StartAsync(store.NewDatabase(), bus => bus.AddKafkaOutbox(), (_, _) => { });

        var transport = bus.Services.GetRequiredService<Persistence.IOutboxTransport>();
        var refused = Assert.Throws<ConfigurationException>(() => transport.Accepts(new Uri("topic:notes")));

        Assert.Contains("UsingKafka", refused.Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<InMemoryRecord> Produced => _kafka.Topic(Topic).Records;

    private IEnumerable<int> Numbers => Produced.Select(note => JsonDocument.Parse(note.Value!).RootElement.GetProperty("number").GetInt32());

    private static Task<long> WaitingAsync(MongoDatabase database) => database.GetCollection("outbox").CountAsync(BsonDocument.Empty);

    private Task<TestBus> StartAsync(MongoDatabase database) => NotesBus.StartAsync(database, Topic, services: services => services.AddInMemoryKafka(_kafka));
}
