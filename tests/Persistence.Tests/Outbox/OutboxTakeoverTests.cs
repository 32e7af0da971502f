using IotBus.MongoDb;
using IotBus.Testing;

namespace IotBus.Persistence.Tests;

[Collection(StoreSuite.Name)]
public sealed class OutboxTakeoverTests(StoreFixture store)
{
    [Fact]
    public async Task What_a_dead_process_left_is_delivered_when_its_lease_has_run_out()
    {
        var database = store.NewDatabase();
        await using (var dying = await OrderBus.StartAsync(database, outbox: o => o.DisableDeliveryService()))
        {
            await dying.SendAsync(Guid.NewGuid());
            await Eventually.TrueAsync(async () => await database.GetCollection("outbox").CountAsync(BsonDocument.Empty) == 1);
        }

        var message = (await database.GetCollection("outbox").FindAsync(BsonDocument.Empty))[0];
        var destination = message.GetString("destination");
        var lease = Bson.Document(
            ("_id", destination),
            ("owner", Guid.NewGuid()),
            ("token", Guid.NewGuid()),
            ("until", DateTimeOffset.UtcNow + TimeSpan.FromSeconds(3)),
            ("asks", 0L));
        await database.GetCollection("outbox.leases").InsertOneAsync(lease);

        await using var other = await OrderBus.StartAsync(database);

        await other.ArrivedAsync(1);
        Assert.True(DateTimeOffset.UtcNow >= lease.GetDateTime("until"));
        await Eventually.TrueAsync(async () => await database.GetCollection("outbox").CountAsync(BsonDocument.Empty) == 0);
    }

    [Fact]
    public async Task A_transaction_that_a_dead_process_left_open_is_ended()
    {
        var database = store.NewDatabase();
        await using (var first = await OrderBus.StartAsync(database))
        {
            await first.SendAsync(Guid.NewGuid());
            await first.ArrivedAsync(1);
        }

        await using var dead = await database.Client.StartSessionAsync();
        dead.StartTransaction();
        var row = Bson.Document(("_id", "claimed"));
        await database.GetCollection("orders").InsertOneAsync(row, dead);
        var process = Bson.Document(
            ("_id", Guid.NewGuid()), ("until", DateTimeOffset.UtcNow - TimeSpan.FromSeconds(1)), ("sessions", Bson.Array(dead.Id)));
        await database.GetCollection("outbox.processes").InsertOneAsync(process);

        await using var other = await OrderBus.StartAsync(database);

        await Eventually.TrueAsync(async () =>
            await database.GetCollection("outbox.processes").CountAsync(Bson.Document(("_id", process.GetGuid("_id")))) == 0);
        await database.GetCollection("orders").InsertOneAsync(row);
        var refused = await Assert.ThrowsAsync<MongoException>(() => dead.CommitTransactionAsync());
        Assert.True(refused.HasLabel(MongoLabels.TransientTransaction));
    }
}
