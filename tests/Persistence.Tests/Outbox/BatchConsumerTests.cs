using System.Collections.Concurrent;
using IotBus.MongoDb;
using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Persistence.Tests;

[Collection(StoreSuite.Name)]
public sealed class BatchConsumerTests(StoreFixture store)
{
    [Fact]
    public async Task A_batch_has_a_row_for_each_message_and_leaves_out_those_that_were_consumed()
    {
        var database = store.NewDatabase();
        var seen = new Seen();
        await using var bus = await StartAsync(database, seen);
        Guid[] ids = [NewId.NextGuid(), NewId.NextGuid(), NewId.NextGuid()];
        await SendAsync(bus, ids[0], number: 0);
        await SendAsync(bus, ids[1], number: 1);
        await Eventually.TrueAsync(async () => await database.GetCollection("inbox.messages").CountAsync(BsonDocument.Empty) == 2);

        await SendAsync(bus, ids[1], number: 1);
        await SendAsync(bus, ids[2], number: 2);

        await Eventually.TrueAsync(async () => await database.GetCollection("inbox.messages").CountAsync(BsonDocument.Empty) == 3);
        Assert.Equal([0, 1, 2], seen.Numbers.Order());
    }

    private static Task<TestBus> StartAsync(MongoDatabase database, Seen seen) => TestBus.StartAsync(
        database,
        x => x.AddConsumer<BatchConsumer>(c => c.Options<BatchOptions>(o => o.SetMessageLimit(2).SetTimeLimit(TimeSpan.FromSeconds(2)))),
        (context, bus) => bus.ReceiveEndpoint("batches", e =>
        {
            e.UseMongoDbOutbox(context);
            e.ConfigureConsumer<BatchConsumer>(context);
        }),
        services: services => services.AddSingleton(seen));

    private static async Task SendAsync(TestBus bus, Guid id, int number)
    {
        var endpoint = await bus.Bus.GetSendEndpoint(new Uri("queue:batches"));
        await endpoint.Send(new OrderPlaced(id, number), context => context.MessageId = id);
    }

    internal sealed class Seen
    {
        public ConcurrentQueue<int> Numbers { get; } = [];
    }

    internal sealed class BatchConsumer(Seen seen) : IConsumer<Batch<OrderPlaced>>
    {
        public Task Consume(ConsumeContext<Batch<OrderPlaced>> context)
        {
            foreach (var message in context.Message)
                seen.Numbers.Enqueue(message.Message.Number);

            return Task.CompletedTask;
        }
    }
}
