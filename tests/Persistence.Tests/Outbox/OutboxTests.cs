using IotBus.MongoDb;
using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Persistence.Tests;

[Collection(StoreSuite.Name)]
public sealed class OutboxTests(StoreFixture store)
{
    [Fact]
    public async Task What_a_consumer_writes_and_sends_is_there_once_it_has_consumed()
    {
        var database = store.NewDatabase();
        await using var bus = await StartAsync(database);
        var order = Guid.NewGuid();

        await SendAsync(bus, order, Guid.NewGuid());

        await Eventually.TrueAsync(() => Arrived(bus, order) == 1);
        Assert.Equal(1, await database.GetCollection("orders").CountAsync(Bson.Document(("order", order))));
        await Eventually.TrueAsync(async () => await database.GetCollection("outbox").CountAsync(BsonDocument.Empty) == 0);
        await Eventually.TrueAsync(async () => await database.GetCollection("outbox.leases").CountAsync(BsonDocument.Empty) == 0);
    }

    [Fact]
    public async Task A_message_that_comes_again_has_no_second_effect()
    {
        var database = store.NewDatabase();
        await using var bus = await StartAsync(database);
        var (order, later, id) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());

        await SendAsync(bus, order, id);
        await Eventually.TrueAsync(() => Arrived(bus, order) == 1);
        await SendAsync(bus, order, id);
        await SendAsync(bus, later, Guid.NewGuid());
        await Eventually.TrueAsync(() => Arrived(bus, later) == 1);

        Assert.Equal(1, Arrived(bus, order));
        Assert.Equal(1, await database.GetCollection("orders").CountAsync(Bson.Document(("order", order))));
        Assert.Equal(2, bus.Services.GetRequiredService<Trouble>().Attempts);
    }

    [Fact]
    public async Task A_consumer_that_fails_leaves_nothing_behind()
    {
        var database = store.NewDatabase();
        await using var bus = await StartAsync(database, failures: 1);
        var (failed, later) = (Guid.NewGuid(), Guid.NewGuid());

        await SendAsync(bus, failed, Guid.NewGuid());
        await Eventually.TrueAsync(() => bus.Services.GetRequiredService<Trouble>().Attempts == 1);
        await SendAsync(bus, later, Guid.NewGuid());
        await Eventually.TrueAsync(() => Arrived(bus, later) == 1);

        Assert.Equal(0, Arrived(bus, failed));
        Assert.Equal(0, await database.GetCollection("orders").CountAsync(Bson.Document(("order", failed))));
        Assert.Equal(1, await database.GetCollection("inbox.messages").CountAsync(BsonDocument.Empty));
    }

    [Fact]
    public async Task What_the_bus_outbox_takes_waits_for_the_commit()
    {
        var database = store.NewDatabase();
        await using var bus = await StartAsync(database);
        var (given, kept) = (Guid.NewGuid(), Guid.NewGuid());
        await using (var scope = bus.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<MongoDbContext>().BeginTransactionAsync();
            await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(new OrderPlaced(given));
        }

        await using (var scope = bus.Services.CreateAsyncScope())
        {
            var context = scope.ServiceProvider.GetRequiredService<MongoDbContext>();
            await context.WithTransactionAsync(async (session, cancellationToken) =>
            {
                await database.GetCollection("orders").InsertOneAsync(Bson.Document(("_id", kept)), session, cancellationToken);
                await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(new OrderPlaced(kept), cancellationToken);
                return true;
            });
        }

        await Eventually.TrueAsync(() => Arrived(bus, kept) == 1);
        Assert.Equal(0, Arrived(bus, given));
    }

    [Fact]
    public async Task Messages_to_a_destination_arrive_in_the_order_they_were_committed()
    {
        const int count = 300;
        var database = store.NewDatabase();
        await using var bus = await StartAsync(database);
        for (var i = 0; i < count; i += 3)
        {
            await using var scope = bus.Services.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<MongoDbContext>();
            await context.BeginTransactionAsync();
            for (var j = i; j < i + 3; j++)
                await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(new OrderPlaced(Guid.NewGuid(), j));

            await context.CommitTransactionAsync();
        }

        var received = bus.Services.GetRequiredService<Received>();
        await Eventually.TrueAsync(() => received.Orders.Count == count);
        Assert.Equal(Enumerable.Range(0, count), received.Orders.Select(order => order.Message.Number));
    }

    private static Task<TestBus> StartAsync(MongoDatabase database, int failures = 0) => TestBus.StartAsync(
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
                e.UseMongoDbOutbox(context);
                e.ConfigureConsumer<PlaceOrderConsumer>(context);
            });
            bus.ReceiveEndpoint("placed", e =>
            {
                e.ConcurrentMessageLimit = 1;
                e.ConfigureConsumer<OrderPlacedConsumer>(context);
            });
        },
        services: services => services.AddSingleton(new Trouble { Failures = failures }).AddSingleton<Received>());

    private static async Task SendAsync(TestBus bus, Guid order, Guid messageId)
    {
        var endpoint = await bus.Bus.GetSendEndpoint(new Uri("queue:orders"));
        await endpoint.Send(new PlaceOrder(order, "sensor"), context => context.MessageId = messageId);
    }

    private static int Arrived(TestBus bus, Guid order) =>
        bus.Services.GetRequiredService<Received>().Orders.Count(received => received.Message.Id == order);
}
