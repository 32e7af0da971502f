using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using IotBus.Kafka;
using IotBus.MongoDb;
using IotBus.Persistence;
using IotBus.Persistence.Tests;
using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.KafkaOutbox.Tests.Scheduling;

/// <summary>Endpoints on Kafka in memory, with the outbox's scheduler.</summary>
internal sealed class AlarmBus(MongoDatabase database, TimeProvider time, Ringing ringing)
{
    public const string Topic = "alarms";

    public InMemoryKafka Kafka { get; init; } = new();

    /// <summary>What the endpoint consumes.</summary>
    public string[] Topics { get; init; } = [Topic];

    public string Group { get; init; } = "alarms";

    /// <summary>Adds what its consumers need.</summary>
    public Action<IServiceCollection>? Services { get; init; }

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
                    kafka.TopicEndpoint<string, AlarmSet>(Topics, Group, e =>
                    {
                        e.UseMongoDbMessageScheduler(context);
                        endpoint(context, e);
                    });
                });
            });
        },
        (context, bus) => bus.ReceiveEndpoint("told", e => e.ConfigureConsumer<ToldConsumer>(context)),
        outbox => outbox.QueryDelay = TimeSpan.FromMilliseconds(50),
        services =>
        {
            services.AddSingleton(time).AddSingleton(ringing).AddInMemoryKafka(Kafka);
            Services?.Invoke(services);
        });

    /// <summary>With the saga behind the outbox.</summary>
    public Task<TestBus> StartSagaAsync() => StartAsync(
        rider => rider.AddSagaStateMachine<AlarmMachine, Alarm>().MongoDbRepository(),
        (context, endpoint) =>
        {
            endpoint.UseMongoDbOutbox(context);
            endpoint.ConfigureSaga<Alarm>(context);
        });

    /// <param name="alarm">Which.</param>
    /// <param name="messageId">That of the message; null for none.</param>
    public InMemoryRecord Set(Guid alarm, Guid? messageId = null) => Kafka.Topic(Topic).AppendText(
        "bell",
        JsonSerializer.Serialize(new AlarmSet(alarm), JsonSerializerOptions.Web),
        messageId is { } id ? [new Header("MessageId", Encoding.UTF8.GetBytes(id.ToString()))] : null);

    /// <summary>Schedules for the endpoint's own consumers, from outside them.</summary>
    public async Task ScheduleAsync(TestBus bus, TimeSpan delay, Guid alarm)
    {
        await using var scope = bus.Services.CreateAsyncScope();
        var scheduler = scope.ServiceProvider.GetRequiredService<IMessageScheduler>();
        await scheduler.ScheduleSend(new Uri($"loopback://localhost/kafka/group:{Group}"), delay, new AlarmSet(alarm));
    }

    public Task<IReadOnlyList<BsonDocument>> WaitingAsync() => database.GetCollection("outbox").FindAsync(BsonDocument.Empty);

    /// <summary>Waits until an alarm has rung so often.</summary>
    public Task RangAsync(Guid alarm, int times = 1) => Eventually.TrueAsync(async () => (await AlarmAsync(alarm))?.GetInt32("Rings") == times);

    public async Task<BsonDocument?> AlarmAsync(Guid alarm) => await database.GetCollection("sagas.alarm").FindOneAsync(Bson.Document(("_id", alarm)));
}
