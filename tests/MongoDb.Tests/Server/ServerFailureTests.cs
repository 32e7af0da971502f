using IotBus.DevMongo;
using IotBus.Testing;

namespace IotBus.MongoDb.Tests.Server;

/// <summary>A server that fails, blocks, goes away.</summary>
[Collection(StoreSuite.Name)]
public sealed class ServerFailureTests(StoreFixture store)
{
    private static readonly BsonDocument One = Bson.Document(("_id", 1));

    [FailPointFact]
    public async Task Writes_of_every_kind_survive_a_lost_connection()
    {
        await using var client = store.NewClient("lost-writes");
        var things = await ThingsAsync(client);

        await using (await CloseOnceAsync("lost-writes", "insert"))
            await things.InsertOneAsync(Bson.Document(("_id", 2)));

        await using (await CloseOnceAsync("lost-writes", "update"))
            await things.UpdateOneAsync(One, Bson.Document(("$inc", Bson.Document(("n", 1)))));

        await using (await CloseOnceAsync("lost-writes", "findAndModify"))
            await things.FindOneAndUpdateAsync(One, Bson.Document(("$inc", Bson.Document(("n", 1)))));

        await using (await CloseOnceAsync("lost-writes", "delete"))
            Assert.Equal(1, await things.DeleteOneAsync(Bson.Document(("_id", 2))));

        Assert.Equal(2, (await things.FindOneAsync(One))!.Value.GetInt32("n"u8));
    }

    [FailPointFact]
    public async Task A_write_that_was_done_and_not_confirmed_is_sent_again_and_done_once()
    {
        await using var client = store.NewClient("unconfirmed-writes");
        var things = await ThingsAsync(client);
        await using var failing = await FailPoint.SetAsync(
            store, "unconfirmed-writes", times: 1, ("failCommands", Bson.Array("update")),
            ("writeConcernError", Bson.Document(("code", 89), ("codeName", "NetworkTimeout"), ("errmsg", "no secondary answered"))));

        var result = await things.UpdateOneAsync(One, Bson.Document(("$inc", Bson.Document(("n", 1)))));

        Assert.Equal(1, result.Modified);
        Assert.Equal(1, (await things.FindOneAsync(One))!.Value.GetInt32("n"u8));
    }

    [FailPointFact]
    public async Task A_read_survives_a_lost_connection()
    {
        await using var client = store.NewClient("lost-reads");
        var things = await ThingsAsync(client);

        await using (await CloseOnceAsync("lost-reads", "find"))
            Assert.Single(await things.FindAsync(BsonDocument.Empty));

        await using (await CloseOnceAsync("lost-reads", "aggregate"))
            Assert.Equal(1, await things.CountAsync(BsonDocument.Empty));
    }

    [FailPointFact]
    public async Task An_error_of_the_server_comes_with_its_code_and_is_not_repeated()
    {
        await using var client = store.NewClient("refused");
        var things = await ThingsAsync(client);
        await using var failing = await FailPoint.SetAsync(
            store, "refused", times: 1, ("failCommands", Bson.Array("insert")), ("errorCode", 13));

        var error = await Assert.ThrowsAsync<MongoException>(() => things.InsertOneAsync(Bson.Document(("_id", 2))));

        Assert.Equal(13, error.Code);
        Assert.Equal(1, await things.CountAsync(BsonDocument.Empty));
    }

    [FailPointFact]
    public async Task Other_work_goes_on_while_eight_calls_are_blocked_in_the_server()
    {
        await using var client = store.NewClient("blocked");
        await ThingsAsync(client);
        ThreadPool.GetMaxThreads(out var workers, out var completions);
        ThreadPool.GetMinThreads(out var least, out _);
        await using var failing = await FailPoint.SetAsync(
            store, "blocked", times: null, ("failCommands", Bson.Array("ping")), ("blockConnection", true), ("blockTimeMS", 3000));
        Assert.True(ThreadPool.SetMaxThreads(Math.Max(4, least), completions));
        try
        {
            var blocked = Enumerable.Range(0, 8).Select(_ => client.PingAsync()).ToArray();

            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => 1)));
            await store.Client.PingAsync();

            Assert.All(blocked, b => Assert.False(b.IsCompleted));
            await Task.WhenAll(blocked);
        }
        finally
        {
            ThreadPool.SetMaxThreads(workers, completions);
        }
    }

    [FailPointFact]
    public async Task A_server_that_is_silent_for_too_long_is_a_lost_connection()
    {
        await using var client = store.NewClient("silent", o => o with { SocketTimeout = TimeSpan.FromMilliseconds(500) });
        await using var failing = await FailPoint.SetAsync(
            store, "silent", times: 1, ("failCommands", Bson.Array("ping")), ("blockConnection", true), ("blockTimeMS", 5000));

        var error = await Assert.ThrowsAsync<MongoException>(() => client.PingAsync());

        Assert.Equal(MongoFailure.Network, error.Failure);
        Assert.True(error.IsTransient);
        await Testing.Eventually.PassesAsync(() => client.PingAsync());
    }

    [Fact]
    public async Task A_server_that_goes_away_and_returns_is_used_again()
    {
        var server = await DevMongoServer.StartAsync();
        var port = new Uri(server.Uri).Port;
        await using var client = new MongoClient(
            new MongoClientOptions { Uri = server.Uri, ServerSelectionTimeout = TimeSpan.FromMilliseconds(500) });
        var things = client.GetDatabase("tests").GetCollection("things");
        await things.InsertOneAsync(One);

        await server.DisposeAsync();
        var error = await Assert.ThrowsAsync<MongoException>(() => things.InsertOneAsync(Bson.Document(("_id", 2))));
        Assert.True(error.IsTransient);

        await using var returned = await DevMongoServer.StartAsync(port);
        await Testing.Eventually.PassesAsync(() => things.UpdateOneAsync(Bson.Document(("_id", 3)), Bson.Document(("a", 1)), upsert: true));
        await client.WithTransactionAsync((session, token) => things.CountAsync(BsonDocument.Empty, session, token));
    }

    private static async Task<MongoCollection> ThingsAsync(MongoClient client, StoreFixture store)
    {
        var things = client.GetDatabase(store.NewDatabase().Name).GetCollection("things");
        await things.InsertOneAsync(Bson.Document(("_id", 1), ("n", 0)));
        return things;
    }

    private Task<MongoCollection> ThingsAsync(MongoClient client) => ThingsAsync(client, store);

    private Task<FailPoint> CloseOnceAsync(string appName, string command) =>
        FailPoint.SetAsync(store, appName, times: 1, ("failCommands", Bson.Array(command)), ("closeConnection", true));
}
