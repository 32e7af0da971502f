using System.Text.Json;
using IotBus.Kafka;
using IotBus.MongoDb;
using IotBus.Persistence;
using IotBus.Persistence.Tests;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.KafkaOutbox.Tests.Scheduling;

/// <summary>Endpoints on Kafka in memory, with the outbox's scheduler.</summary>
internal sealed class AlarmBus(MongoDatabase database, TimeProvider time, Ringing ringing)
{
    public const string Topic = "alarms";

    public InMemoryKafka Kafka { get; init; } = new();

    public Task<TestBus> StartAsync(
        Action<IRiderRegistrationConfigurator> add,
        Action<IRiderRegistrationContext, ITopicEndpointConfigurator<string, AlarmSet>> endpoint) => TestBus.StartAsync(
        database,
        bus =>
        {
            bus.AddKafkaOutbox();
            bus.AddMongoDbMessageScheduler();
            bus.AddConsumer<ToldConsumer>();
            bus.AddRider(rider =>
            {
                add(rider);
                rider.AddProducer<string, Note>("notes", note => $"key-{note.Message.Number}");
                rider.UsingKafka((context, kafka) =>
                {
                    kafka.Host("no-broker:1");
                    kafka.TopicEndpoint<string, AlarmSet>(Topic, "alarms", e =>
                    {
                        e.UseMongoDbMessageScheduler(context);
                        endpoint(context, e);
                    });
                });
            });
        },
        (context, bus) => bus.ReceiveEndpoint("told", e => e.ConfigureConsumer<ToldConsumer>(context)),
        outbox => outbox.QueryDelay = TimeSpan.FromMilliseconds(50),
        services => services.AddSingleton(time).AddSingleton(ringing).AddInMemoryKafka(Kafka));

    public InMemoryRecord Set(Guid alarm) => Kafka.Topic(Topic).AppendText("bell", JsonSerializer.Serialize(new AlarmSet(alarm), JsonSerializerOptions.Web));

    public Task<IReadOnlyList<BsonDocument>> WaitingAsync() => database.GetCollection("outbox").FindAsync(BsonDocument.Empty);

    public async Task<BsonDocument?> AlarmAsync(Guid alarm) => await database.GetCollection("sagas.alarm").FindOneAsync(Bson.Document(("_id", alarm)));
}
