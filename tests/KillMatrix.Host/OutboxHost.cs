using IotBus.Kafka;
using IotBus.KafkaOutbox;
using IotBus.Persistence;
using MassTransit;

namespace IotBus.KillMatrix;

/// <summary>A bus in memory and a rider with one topic, behind the outbox: what two of the scenarios have in common.</summary>
internal static class OutboxHost
{
    /// <summary>The queue of the bus to which messages are sent on.</summary>
    public const string Shipping = "shipping";

    public static void AddOutboxBus(
        this HostApplicationBuilder builder,
        HostSettings settings,
        string? instance,
        Action<IRiderRegistrationConfigurator> add,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> consume) => builder.Services.AddMassTransit(bus =>
    {
        bus.DisableUsageTelemetry();
        bus.AddMongoDbOutbox(outbox =>
        {
            // Short, so that the next process soon knows that the last one is dead where it has no name by which it could know at once.
            outbox.MessageDeliveryTimeout = TimeSpan.FromSeconds(1);
            outbox.LeaseDuration = TimeSpan.FromMilliseconds(1_500);
            outbox.QueryDelay = TimeSpan.FromMilliseconds(100);
            if (instance is not null)
                outbox.InstanceId = instance;
        });
        bus.AddKafkaOutbox();
        bus.AddConsumer<ShipmentConsumer>();
        bus.UsingInMemory((context, memory) => memory.ReceiveEndpoint(Shipping, endpoint =>
        {
            endpoint.UseMongoDbOutbox(context);
            endpoint.ConfigureConsumer<ShipmentConsumer>(context);
        }));
        bus.AddRider(rider =>
        {
            add(rider);
            rider.AddProducer<string, Noted>(settings.Notes, note => note.Message.Id);
            rider.UsingKafka((context, kafka) =>
            {
                kafka.Host(settings.Kafka);
                consume(context, kafka);
            });
        });
    });
}
