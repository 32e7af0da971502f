using IotBus.MongoDb;
using IotBus.Testing;

namespace IotBus.Persistence.Tests;

[Collection(StoreSuite.Name)]
public sealed class OutboxFailureTests(StoreFixture store)
{
    [FailPointTheory]
    [InlineData("insert", 112)] // WriteConflict
    [InlineData("commitTransaction", 112)]
    [InlineData("insert", 10107)] // NotWritablePrimary
    [InlineData("commitTransaction", 10107)]
    public async Task A_message_is_consumed_once_although_the_store_refuses_for_a_while(string command, int code)
    {
        string[] labels = code == 112 ? ["TransientTransactionError"] : [];
        var failure = Bson.Document(
            ("failCommands", Bson.Array(command)),
            ("errorCode", code),
            ("errorLabels", Bson.Array(labels.Select(label => (BsonValue)label))));

        await ConsumedOnceAsync(failure, times: 3);
    }

    [FailPointTheory]
    [InlineData("insert")]
    [InlineData("commitTransaction")]
    public async Task A_message_is_consumed_once_although_the_connection_breaks(string command) =>
        await ConsumedOnceAsync(Bson.Document(("failCommands", Bson.Array(command)), ("closeConnection", true)), times: 2);

    private async Task ConsumedOnceAsync(BsonDocument failure, int times)
    {
        var appName = $"outbox-{Guid.NewGuid():N}";
        var client = new MongoClient(new MongoClientOptions { Uri = store.Uri, AppName = appName });
        await using (client)
        {
            var database = client.GetDatabase(store.NewDatabase().Name);
            await using var bus = await OrderBus.StartAsync(database);
            var (first, order) = (Guid.NewGuid(), Guid.NewGuid());
            await bus.SendAsync(first);
            await bus.ArrivedAsync(1);

            await using (await store.FailAsync(appName, times, failure))
            {
                await bus.SendAsync(order);
                await bus.ArrivedAsync(2);
            }

            await Eventually.TrueAsync(async () => await database.GetCollection("outbox").CountAsync(BsonDocument.Empty) == 0);
            Assert.Single(bus.Received().Orders.Where(received => received.Message.Id == order).DistinctBy(received => received.MessageId));
            Assert.Equal(1, await database.GetCollection("orders").CountAsync(Bson.Document(("order", order))));
            Assert.Equal(2, await database.GetCollection("inbox.messages").CountAsync(BsonDocument.Empty));
        }
    }
}
