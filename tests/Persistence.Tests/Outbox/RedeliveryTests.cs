using System.Collections.Concurrent;
using IotBus.MongoDb;
using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Persistence.Tests;

/// <summary>Redelivery over the bus, of consumers behind the outbox.</summary>
[Collection(StoreSuite.Name)]
public sealed class RedeliveryTests(StoreFixture store)
{
    private const string Queue = "redelivered";

    private readonly ShiftedTime _time = new();

    [Fact]
    public async Task What_a_consumer_puts_off_within_its_transaction_comes_to_it_again()
    {
        var counts = new ConcurrentQueue<int>();
        await using var bus = await StartAsync<PuttingOffConsumer>(store.NewDatabase(), _ => { }, services => services.AddSingleton(counts));

        await SendAsync(bus, NewId.NextGuid());

        await Eventually.TrueAsync(() => counts.Count == 2);
        Assert.Equal([0, 1], counts);
    }

    [Fact]
    public async Task A_message_that_comes_again_beside_its_stored_copy_has_one_effect()
    {
        var database = store.NewDatabase();
        var trouble = new Trouble { Failures = 1 };
        await using var bus = await StartAsync<PlaceOrderConsumer>(
            database, endpoint => endpoint.UseScheduledRedelivery(retry => retry.Interval(2, TimeSpan.FromHours(1))), services => services.AddSingleton(trouble));
        var message = NewId.NextGuid();
        await SendAsync(bus, message);
        await Eventually.TrueAsync(async () => await CountAsync(database, "outbox") == 1);

        // As when the process died before it had acknowledged the first.
        await SendAsync(bus, message);
        await Eventually.TrueAsync(async () => await CountAsync(database, "orders") == 1);
        _time.Advance(TimeSpan.FromHours(1));

        await Eventually.TrueAsync(async () => await CountAsync(database, "outbox") == 0);
        Assert.Equal((1, 2), (await CountAsync(database, "orders"), trouble.Attempts));
    }

    private static Task<long> CountAsync(MongoDatabase database, string collection) => database.GetCollection(collection).CountAsync(BsonDocument.Empty);

    private static async Task SendAsync(TestBus bus, Guid messageId)
    {
        var endpoint = await bus.Bus.GetSendEndpoint(new Uri($"queue:{Queue}"));
        await endpoint.Send(new PlaceOrder(messageId, "bolt"), context => context.MessageId = messageId);
    }

    private Task<TestBus> StartAsync<TConsumer>(
        MongoDatabase database, Action<IReceiveEndpointConfigurator> configure, Action<IServiceCollection> services)
        where TConsumer : class, IConsumer => TestBus.StartAsync(
        database,
        bus => bus.AddConsumer<TConsumer>(),
        (context, bus) =>
        {
            bus.UseMongoDbMessageScheduler(context);
            bus.ReceiveEndpoint(Queue, endpoint =>
            {
                configure(endpoint);
                endpoint.UseMongoDbOutbox(context);
                endpoint.ConfigureConsumer<TConsumer>(context);
            });
        },
        outbox => outbox.QueryDelay = TimeSpan.FromMilliseconds(50),
        added => services(added.AddSingleton<TimeProvider>(_time)));

    /// <summary>Puts off what comes for the first time.</summary>
    internal sealed class PuttingOffConsumer(ConcurrentQueue<int> counts) : IConsumer<PlaceOrder>
    {
        public async Task Consume(ConsumeContext<PlaceOrder> context)
        {
            counts.Enqueue(context.GetRedeliveryCount());
            if (context.GetRedeliveryCount() == 0)
                await context.Redeliver(TimeSpan.FromMilliseconds(1));
        }
    }
}
