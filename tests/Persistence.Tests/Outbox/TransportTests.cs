using System.Collections.Concurrent;
using IotBus.MongoDb;
using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Persistence.Tests;

/// <summary>Transports other than the bus's own.</summary>
[Collection(StoreSuite.Name)]
public sealed class TransportTests(StoreFixture store)
{
    private readonly Taking _transport = new();

    [Fact]
    public async Task What_is_scheduled_for_the_bus_is_made_by_the_bus_also_where_another_delivers_it()
    {
        await using var bus = await StartAsync(store.NewDatabase());
        await using var scope = bus.Services.CreateAsyncScope();

        await scope.ServiceProvider.GetRequiredService<IMessageScheduler>().ScheduleSend(
            new Uri("queue:orders"), TimeSpan.FromMilliseconds(1), new OrderPlaced(Guid.NewGuid(), 1));

        await Eventually.TrueAsync(() => _transport.Sent.Count == 1);
        Assert.Equal("application/vnd.masstransit+json", _transport.Sent.Single().ContentType);
    }

    [Fact]
    public async Task A_process_that_cannot_deliver_takes_no_lease_and_gives_back_the_one_it_has()
    {
        var database = store.NewDatabase();
        var leases = database.GetCollection("outbox.leases");
        _transport.Fails = true;
        await using var bus = await StartAsync(database);
        await PublishAsync(bus);
        await Eventually.TrueAsync(async () => await leases.CountAsync(BsonDocument.Empty) == 1);

        _transport.Can = false;
        await Eventually.TrueAsync(async () => await leases.CountAsync(BsonDocument.Empty) == 0);
        var asked = _transport.Asked;
        await Eventually.TrueAsync(() => _transport.Asked > asked + 3);
        Assert.Equal(0, await leases.CountAsync(BsonDocument.Empty));
        _transport.Fails = false;
        _transport.Can = true;

        await Eventually.TrueAsync(() => _transport.Sent.Count == 1);
    }

    private Task<TestBus> StartAsync(MongoDatabase database) => TestBus.StartAsync(
        database,
        bus => bus.AddMongoDbMessageScheduler(),
        (_, _) => { },
        outbox => outbox.QueryDelay = TimeSpan.FromMilliseconds(50),
        services => services.AddSingleton<IOutboxTransport>(_transport));

    private static async Task PublishAsync(TestBus bus)
    {
        await using var scope = bus.Services.CreateAsyncScope();
        var publisher = scope.ServiceProvider.GetRequiredService<IPublishEndpoint>();
        await scope.ServiceProvider.GetRequiredService<MongoDbContext>().WithTransactionAsync(async (_, cancelled) =>
        {
            await publisher.Publish(new OrderPlaced(Guid.NewGuid(), 1), cancelled);
            return true;
        });
    }

    /// <summary>Takes everything, as long as it can.</summary>
    private sealed class Taking : IOutboxTransport
    {
        private int _asked;

        public bool Can { get; set; } = true;

        public bool Fails { get; set; }

        /// <summary>How often it was asked whether it can.</summary>
        public int Asked => Volatile.Read(ref _asked);

        public ConcurrentQueue<OutboxMessage> Sent { get; } = [];

        public bool Accepts(Uri destination) => true;

        public bool Delivers(Uri destination)
        {
            Interlocked.Increment(ref _asked);
            return Can;
        }

        public Task SendAsync(OutboxMessage message, CancellationToken cancellationToken)
        {
            if (Fails)
                throw new InvalidOperationException("It failed, as the test wants it.");

            Sent.Enqueue(message);
            return Task.CompletedTask;
        }
    }
}
