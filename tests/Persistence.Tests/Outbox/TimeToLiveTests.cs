using IotBus.MongoDb;
using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Persistence.Tests;

[Collection(StoreSuite.Name)]
public sealed class TimeToLiveTests(StoreFixture store)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task A_message_lives_from_when_it_is_due()
    {
        var time = new ShiftedTime();
        await using var bus = await OrderBus.StartAsync(store.NewDatabase(), time: time);
        await PublishAsync(bus, 1, Hour);

        time.Advance(Hour);

        await bus.ArrivedAsync(1);
    }

    [Fact]
    public async Task A_message_that_was_not_delivered_while_it_lived_is_dropped()
    {
        var time = new ShiftedTime();
        var database = store.NewDatabase();
        await using var bus = await OrderBus.StartAsync(database, time: time);
        await PublishAsync(bus, 1, Hour);

        time.Advance(Hour + Life);
        await PublishAsync(bus, 2);

        await bus.ArrivedAsync(1);
        await Eventually.TrueAsync(async () => await database.GetCollection("outbox").CountAsync(BsonDocument.Empty) == 0);
        Assert.Equal(2, bus.Received().Orders.Single().Message.Number);
    }

    private static async Task PublishAsync(TestBus bus, int number, TimeSpan? delay = null)
    {
        await using var scope = bus.Services.CreateAsyncScope();
        var endpoint = scope.ServiceProvider.GetRequiredService<IPublishEndpoint>();
        await scope.ServiceProvider.GetRequiredService<MongoDbContext>().WithTransactionAsync(async (_, cancellationToken) =>
        {
            await endpoint.Publish(
                new OrderPlaced(Guid.NewGuid(), number),
                context =>
                {
                    context.Delay = delay;
                    context.TimeToLive = Life;
                },
                cancellationToken);
            return true;
        });
    }
}
