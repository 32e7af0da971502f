using System.Collections.Concurrent;
using IotBus.MongoDb;
using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Persistence.Tests;

[Collection(StoreSuite.Name)]
public sealed class BulkTransportTests(StoreFixture store)
{
    [Fact]
    public async Task A_transport_that_takes_many_messages_gets_them_together_and_in_order()
    {
        var transport = new Recording();
        await using var bus = await StartAsync(store.NewDatabase(), transport);

        await PublishAsync(bus, 40);

        await Eventually.TrueAsync(() => transport.Bulks.Sum(bulk => bulk.Count) == 40);
        Assert.Equal([40], transport.Bulks.Select(bulk => bulk.Count));
        Assert.Equal(transport.Bulks.First().Order(), transport.Bulks.First());
    }

    [Fact]
    public async Task What_failed_comes_again_and_nothing_else_does()
    {
        var database = store.NewDatabase();
        var transport = new Recording { FailOnce = [10, 20] };
        await using var bus = await StartAsync(database, transport);

        await PublishAsync(bus, 40);

        await Eventually.TrueAsync(async () => await database.GetCollection("outbox").CountAsync(BsonDocument.Empty) == 0);
        var bulks = transport.Bulks.ToList();
        Assert.Equal(2, bulks.Count);
        Assert.Equal([bulks[0][10], bulks[0][20]], bulks[1]);
    }

    private static Task<TestBus> StartAsync(MongoDatabase database, Recording transport) =>
        TestBus.StartAsync(database, _ => { }, (_, _) => { }, services: services => services.AddSingleton<IOutboxTransport>(transport));

    private static async Task PublishAsync(TestBus bus, int count)
    {
        await using var scope = bus.Services.CreateAsyncScope();
        var publisher = scope.ServiceProvider.GetRequiredService<IPublishEndpoint>();
        await scope.ServiceProvider.GetRequiredService<MongoDbContext>().WithTransactionAsync(async (_, cancelled) =>
        {
            for (var number = 0; number < count; number++)
                await publisher.Publish(new OrderPlaced(Guid.NewGuid(), number), cancelled);

            return true;
        });
    }

    /// <summary>Takes everything; what it is told to fail, fails the first time.</summary>
    private sealed class Recording : IOutboxBulkTransport
    {
        /// <summary>Which of the first bulk fail.</summary>
        public int[] FailOnce { get; init; } = [];

        /// <summary>The sequence numbers of each bulk.</summary>
        public ConcurrentQueue<List<long>> Bulks { get; } = [];

        public bool Accepts(Uri destination) => true;

        public Task SendAsync(OutboxMessage message, CancellationToken cancellationToken) => throw new NotSupportedException("It takes bulks.");

        public IReadOnlyList<Task> Send(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken)
        {
            var isFirst = Bulks.IsEmpty;
            Bulks.Enqueue([.. messages.Select(message => message.SequenceNumber)]);
            var sent = messages.Select(_ => Task.CompletedTask).ToList();
            foreach (var at in isFirst ? FailOnce : [])
                sent[at] = Task.FromException(new InvalidOperationException("It failed, as the test wants it."));

            return sent;
        }
    }
}
