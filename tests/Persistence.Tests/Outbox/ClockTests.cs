using IotBus.MongoDb;
using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Persistence.Tests;

/// <summary>A process whose clock is a day ahead or behind, or is set by a day while it runs. The store's clock is the server's, and right.</summary>
[Collection(StoreSuite.Name)]
public sealed class ClockTests(StoreFixture store)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task What_is_sent_leaves_at_once_once_and_in_order_when_the_clock_is_set_meanwhile(int days)
    {
        const int count = 20;
        var time = new ShiftedTime();
        var database = store.NewDatabase();
        await using var bus = await OrderBus.StartAsync(database, time: time, outbox: o => o.LeaseDuration = TimeSpan.FromMinutes(10));

        for (var i = 0; i < count; i++)
        {
            if (i == count / 2)
                time.Advance(days * Day);

            await PublishAsync(bus, i);
        }

        await bus.ArrivedAsync(count);
        await Eventually.TrueAsync(async () => await database.GetCollection("outbox").CountAsync(BsonDocument.Empty) == 0);
        Assert.Equal(Enumerable.Range(0, count), bus.Received().Orders.Select(order => order.Message.Number));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Two_processes_whose_clocks_differ_by_a_day_deliver_each_message_once(int days)
    {
        const int count = 100;
        var time = new ShiftedTime();
        time.Advance(days * Day);
        var database = store.NewDatabase();
        await using var off = await OrderBus.StartAsync(database, workers: 4, time: time);
        await using var right = await OrderBus.StartAsync(database, workers: 4);

        await Task.WhenAll(Enumerable.Range(0, count).Select(i => (i % 2 == 0 ? off : right).SendAsync(Guid.NewGuid())));

        await Eventually.TrueAsync(() => All().Length >= count, TimeSpan.FromMinutes(2));
        await Eventually.TrueAsync(async () => await database.GetCollection("outbox").CountAsync(BsonDocument.Empty) == 0);
        Assert.Equal(count, All().Length);
        Assert.Equal(count, All().Distinct().Count());

        Guid[] All() => [.. off.Received().Orders.Concat(right.Received().Orders).Select(received => received.MessageId)];
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_process_whose_clock_is_set_lives_and_buries_only_the_dead(int days)
    {
        var time = new ShiftedTime();
        var database = store.NewDatabase();
        await using var off = await OrderBus.StartAsync(database, time: time);
        await using var right = await OrderBus.StartAsync(database);
        var processes = database.GetCollection("outbox.processes");
        await Eventually.TrueAsync(async () => await processes.CountAsync(BsonDocument.Empty) == 2);

        time.Advance(days * Day);
        var until = (await processes.FindAsync(BsonDocument.Empty)).Max(process => process.GetDateTime("until"u8));
        var dead = Bson.Document(("_id", Guid.NewGuid()), ("until", DateTimeOffset.UtcNow - TimeSpan.FromSeconds(1)));
        await processes.InsertOneAsync(dead);
        await database.GetCollection("outbox.leases").InsertOneAsync(
            Bson.Document(("_id", "queue"), ("owner", dead.GetGuid("_id"u8)), ("token", Guid.NewGuid()), ("until", DateTimeOffset.UtcNow + Day), ("asks", 0L)));

        await Eventually.TrueAsync(async () =>
            (await processes.FindAsync(BsonDocument.Empty)).All(process => process.GetDateTime("until"u8) > until));
        await Eventually.TrueAsync(async () => await database.GetCollection("outbox.leases").CountAsync(BsonDocument.Empty) == 0);
        Assert.Equal(2, await processes.CountAsync(BsonDocument.Empty));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task What_was_consumed_is_known_again_when_the_clock_has_been_set(int days)
    {
        var time = new ShiftedTime();
        var database = store.NewDatabase();
        await using var bus = await OrderBus.StartAsync(database, time: time);
        var (order, id) = (Guid.NewGuid(), Guid.NewGuid());
        await bus.SendAsync(order, id);
        await bus.ArrivedAsync(1);

        time.Advance(days * Day);
        await bus.SendAsync(order, id);
        await bus.SendAsync(Guid.NewGuid());
        await bus.ArrivedAsync(2);

        Assert.Equal(1, await database.GetCollection("orders").CountAsync(Bson.Document(("order", order))));
        var expired = DateTimeOffset.UtcNow - new MongoDbOutboxOptions().DuplicateDetectionWindow;
        Assert.All(await database.GetCollection("inbox.messages").FindAsync(BsonDocument.Empty), row => Assert.True(row.GetDateTime("at"u8) > expired));
    }

    [Fact]
    public async Task What_is_due_leaves_on_time_although_the_clock_of_one_process_is_a_day_behind()
    {
        var time = new ShiftedTime();
        time.Advance(-Day);
        var database = store.NewDatabase();
        await using var behind = await OrderBus.StartAsync(database, time: time);
        await using var right = await OrderBus.StartAsync(database);

        await PublishAsync(right, 1, TimeSpan.FromSeconds(1));

        await right.ArrivedAsync(1);
        Assert.Empty(behind.Received().Orders);
    }

    private static async Task PublishAsync(TestBus bus, int number, TimeSpan? delay = null)
    {
        await using var scope = bus.Services.CreateAsyncScope();
        var endpoint = scope.ServiceProvider.GetRequiredService<IPublishEndpoint>();
        await scope.ServiceProvider.GetRequiredService<MongoDbContext>().WithTransactionAsync(async (_, cancellationToken) =>
        {
            await endpoint.Publish(new OrderPlaced(Guid.NewGuid(), number), context => context.Delay = delay, cancellationToken);
            return true;
        });
    }
}
