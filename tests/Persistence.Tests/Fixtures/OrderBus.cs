using IotBus.MongoDb;
using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Persistence.Tests;

/// <summary>The bus of the orders: one endpoint behind the outbox, one that counts what arrives.</summary>
internal static class OrderBus
{
    public static Task<TestBus> StartAsync(
        MongoDatabase database, int workers = 1, Action<IMongoDbOutboxConfigurator>? outbox = null, TimeProvider? time = null) => TestBus.StartAsync(
        database,
        x =>
        {
            x.AddConsumer<PlaceOrderConsumer>();
            x.AddConsumer<OrderPlacedConsumer>();
        },
        (context, bus) =>
        {
            bus.ReceiveEndpoint("orders", e =>
            {
                e.ConcurrentMessageLimit = workers;
                e.UseMongoDbOutbox(context);
                e.ConfigureConsumer<PlaceOrderConsumer>(context);
            });
            bus.ReceiveEndpoint("placed", e =>
            {
                e.ConcurrentMessageLimit = 1;
                e.ConfigureConsumer<OrderPlacedConsumer>(context);
            });
        },
        outbox,
        services => services.AddSingleton<Trouble>().AddSingleton<Received>().AddSingleton(time ?? TimeProvider.System));

    public static async Task SendAsync(this TestBus bus, Guid order, Guid? messageId = null)
    {
        var endpoint = await bus.Bus.GetSendEndpoint(new Uri("queue:orders"));
        await endpoint.Send(new PlaceOrder(order, "sensor"), context => context.MessageId = messageId ?? NewId.NextGuid());
    }

    public static Received Received(this TestBus bus) => bus.Services.GetRequiredService<Received>();

    public static Task ArrivedAsync(this TestBus bus, int count) => Eventually.TrueAsync(
        () => bus.Received().Orders.Count >= count, TimeSpan.FromMinutes(2), () => $"{bus.Received().Orders.Count} arrived.");
}
