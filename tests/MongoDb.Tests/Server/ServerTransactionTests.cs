using IotBus.Testing;
namespace IotBus.MongoDb.Tests.Server;

[Collection(StoreSuite.Name)]
public sealed class ServerTransactionTests(StoreFixture store)
{
    private static readonly BsonDocument One = Bson.Document(("_id", 1));
    private static readonly BsonDocument Add = Bson.Document(("$inc", Bson.Document(("n", 1))));

    [Fact]
    public async Task What_is_committed_is_seen_by_all_and_nothing_before()
    {
        var things = await ThingsAsync();
        await using var session = await store.Client.StartSessionAsync();
        session.StartTransaction();

        await things.InsertOneAsync(Bson.Document(("_id", 2)), session);
        await things.UpdateOneAsync(One, Add, session: session);

        Assert.Equal(2, await things.CountAsync(BsonDocument.Empty, session));
        Assert.Equal(1, await things.CountAsync(BsonDocument.Empty));
        await session.CommitTransactionAsync();
        Assert.Equal(2, await things.CountAsync(BsonDocument.Empty));
        Assert.Equal(1, await ReadAsync(things));
    }

    [Fact]
    public async Task What_is_aborted_leaves_nothing()
    {
        var things = await ThingsAsync();
        await using var session = await store.Client.StartSessionAsync();
        session.StartTransaction();
        await things.InsertOneAsync(Bson.Document(("_id", 2)), session);
        await things.UpdateOneAsync(One, Add, session: session);

        await session.AbortTransactionAsync();

        Assert.Equal(1, await things.CountAsync(BsonDocument.Empty));
        Assert.Equal(0, await ReadAsync(things));
    }

    [Fact]
    public async Task A_session_that_ends_in_a_transaction_leaves_nothing()
    {
        var things = await ThingsAsync();
        await using (var session = await store.Client.StartSessionAsync())
        {
            session.StartTransaction();
            await things.UpdateOneAsync(One, Add, session: session);
        }

        Assert.Equal(0, await ReadAsync(things));
        await things.UpdateOneAsync(One, Add);
    }

    [Fact]
    public async Task The_first_to_write_wins_and_the_other_is_told_so()
    {
        var things = await ThingsAsync();
        await using var first = await store.Client.StartSessionAsync();
        await using var second = await store.Client.StartSessionAsync();
        first.StartTransaction();
        second.StartTransaction();
        await things.UpdateOneAsync(One, Add, session: first);

        var error = await Assert.ThrowsAsync<MongoException>(() => things.UpdateOneAsync(One, Add, session: second));

        Assert.Equal(112, error.Code);
        Assert.True(error.HasLabel(MongoLabels.TransientTransaction));
        Assert.True(error.IsTransient);
        await second.AbortTransactionAsync();
        await first.CommitTransactionAsync();
        Assert.Equal(1, await ReadAsync(things));
    }

    [Fact]
    public async Task Transactions_that_meet_are_run_again_until_each_has_had_its_effect()
    {
        var things = await ThingsAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.Client.WithTransactionAsync(async (session, token) =>
        {
            var n = (await things.FindOneAsync(One, options: null, session, token))!.Value.GetInt32("n"u8);
            await things.UpdateOneAsync(One, Bson.Document(("$set", Bson.Document(("n", n + 1)))), session: session, cancellationToken: token);
            return n;
        })));

        Assert.Equal(8, await ReadAsync(things));
    }

    [Fact]
    public async Task It_reads_what_was_there_when_it_began()
    {
        var things = await ThingsAsync();
        await using var session = await store.Client.StartSessionAsync();
        session.StartTransaction();
        Assert.Equal(1, await things.CountAsync(BsonDocument.Empty, session));

        await things.InsertOneAsync(Bson.Document(("_id", 2)));

        Assert.Equal(1, await things.CountAsync(BsonDocument.Empty, session));
        await session.CommitTransactionAsync();
        Assert.Equal(2, await things.CountAsync(BsonDocument.Empty, session));
    }

    [Fact]
    public async Task A_cursor_reads_its_batches_inside_it()
    {
        var things = store.NewDatabase().GetCollection("things");
        using var batch = new BsonBatch();
        for (var i = 0; i < 50; i++)
            batch.Add(Bson.Document(("_id", i)));

        await things.InsertManyAsync(batch);

        var count = await store.Client.WithTransactionAsync(async (session, token) =>
            (await things.FindAsync(BsonDocument.Empty, new FindOptions { BatchSize = 7 }, session, token)).Count);

        Assert.Equal(50, count);
    }

    [Fact]
    public async Task A_duplicate_key_aborts_it_and_names_the_document()
    {
        var things = await ThingsAsync();
        using var batch = new BsonBatch();
        batch.Add(Bson.Document(("_id", 0)));
        batch.Add(One);

        var error = await Assert.ThrowsAsync<MongoBulkWriteException>(() => store.Client.WithTransactionAsync(
            async (session, token) => await things.InsertManyAsync(batch, options: null, session, token)));

        Assert.True(error.IsDuplicateKey);
        Assert.Equal(1, Assert.Single(error.Errors).Index);
        Assert.Equal(1, await things.CountAsync(BsonDocument.Empty));
    }

    [FailPointFact]
    public async Task The_body_runs_again_when_the_server_says_it_may()
    {
        var things = await ThingsAsync();
        await using var client = store.NewClient("transient");
        await using var failing = await FailPoint.SetAsync(
            store, "transient", times: 2, ("failCommands", Bson.Array("update")), ("errorCode", 112),
            ("errorLabels", Bson.Array(MongoLabels.TransientTransaction)));

        Assert.Equal(3, await AddAsync(client, things));

        Assert.Equal(1, await ReadAsync(things));
    }

    [FailPointFact]
    public async Task A_commit_whose_connection_is_lost_is_sent_again_and_applied_once()
    {
        var things = await ThingsAsync();
        await using var client = store.NewClient("commit");
        await using var failing = await FailPoint.SetAsync(
            store, "commit", times: 3, ("failCommands", Bson.Array("commitTransaction")), ("closeConnection", true));

        Assert.Equal(1, await AddAsync(client, things));

        Assert.Equal(1, await ReadAsync(things));
    }

    [FailPointFact]
    public async Task A_commit_that_was_applied_and_not_confirmed_is_sent_again_and_applied_once()
    {
        var things = await ThingsAsync();
        await using var client = store.NewClient("unconfirmed");
        await using var failing = await FailPoint.SetAsync(
            store, "unconfirmed", times: 3, ("failCommands", Bson.Array("commitTransaction")),
            ("writeConcernError", Bson.Document(("code", 64), ("codeName", "WriteConcernFailed"), ("errmsg", "timed out"))));

        Assert.Equal(1, await AddAsync(client, things));

        Assert.Equal(1, await ReadAsync(things));
    }

    private static async Task<int> ReadAsync(MongoCollection things) => (await things.FindOneAsync(One))!.Value.GetInt32("n"u8);

    /// <summary>Counts one up in a transaction, and tells how often the body ran.</summary>
    private static Task<int> AddAsync(MongoClient client, MongoCollection things)
    {
        var bodies = 0;
        var same = client.GetDatabase(things.Database.Name).GetCollection(things.Name);
        return client.WithTransactionAsync(async (session, token) =>
        {
            bodies++;
            await same.UpdateOneAsync(One, Add, session: session, cancellationToken: token);
            return bodies;
        });
    }

    private async Task<MongoCollection> ThingsAsync()
    {
        var things = store.NewDatabase().GetCollection("things");
        await things.InsertOneAsync(Bson.Document(("_id", 1), ("n", 0)));
        return things;
    }
}
