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

    private Task<TestBus> StartAsync(MongoDatabase database) => TestBus.StartAsync(
        database,
        bus => bus.AddMongoDbMessageScheduler(),
        (_, _) => { },
        outbox => outbox.QueryDelay = TimeSpan.FromMilliseconds(50),
        services => services.AddSingleton<IOutboxTransport>(_transport));

    /// <summary>Takes everything.</summary>
    private sealed class Taking : IOutboxTransport
    {
        public ConcurrentQueue<OutboxMessage> Sent { get; } = [];

        public bool Accepts(Uri destination) => true;

        public Task SendAsync(OutboxMessage message, CancellationToken cancellationToken)
        {
            Sent.Enqueue(message);
            return Task.CompletedTask;
        }
    }
}
