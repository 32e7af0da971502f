using IotBus.Kafka;
using IotBus.MongoDb;
using IotBus.Persistence;
using IotBus.Persistence.Tests;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.KafkaOutbox.Tests;

/// <summary>A consumer on the bus behind the outbox, which produces to a topic.</summary>
internal static class NotesBus
{
    /// <param name="database">The outbox's.</param>
    /// <param name="topic">Where notes go.</param>
    /// <param name="bootstrapServers">Of the brokers.</param>
    /// <param name="services">Added first: Kafka in memory, in place of brokers.</param>
    public static Task<TestBus> StartAsync(
        MongoDatabase database, string topic, string bootstrapServers = "no-broker:1", Action<IServiceCollection>? services = null) => TestBus.StartAsync(
        database,
        bus =>
        {
            bus.AddKafkaOutbox();
            bus.AddConsumer<TakeNotesConsumer>();
            bus.AddRider(rider =>
            {
                rider.AddProducer<string, Note>(topic);
                rider.UsingKafka((_, kafka) =>
                {
                    kafka.Host(bootstrapServers);
                    kafka.ConfigureProducer(producer => producer.DeliveryTimeout = TimeSpan.FromSeconds(5));
                });
            });
        },
        (context, bus) => bus.ReceiveEndpoint("notes", endpoint =>
        {
            endpoint.ConcurrentMessageLimit = 1;
            endpoint.UseMongoDbOutbox(context);
            endpoint.ConfigureConsumer<TakeNotesConsumer>(context);
        }),
        services: services);

    public static async Task TakeAsync(this TestBus bus, int first, int count, bool fails = false)
    {
        var endpoint = await bus.Bus.GetSendEndpoint(new Uri("queue:notes"));
        await endpoint.Send(new TakeNotes(first, count, fails));
    }
}
