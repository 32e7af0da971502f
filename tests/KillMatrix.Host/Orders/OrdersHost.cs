using IotBus.Persistence;
using MassTransit;

namespace IotBus.KillMatrix.Orders;

/// <summary>A plain consumer of a topic behind the outbox. It has a name, by which its successor ends at once what it left open.</summary>
internal static class OrdersHost
{
    public const string Scenario = "orders";

    public static void AddOrders(this HostApplicationBuilder builder, HostSettings settings) => builder.AddOutboxBus(
        settings,
        instance: "orders-0",
        rider => rider.AddConsumer<PlaceOrderConsumer>(),
        (context, kafka) => kafka.TopicEndpoint<string, PlaceOrder>(settings.Topic, settings.Group, endpoint =>
        {
            settings.Tune(endpoint);
            endpoint.UseMongoDbOutbox(context);
            endpoint.ConfigureConsumer<PlaceOrderConsumer>(context);
        }));
}
