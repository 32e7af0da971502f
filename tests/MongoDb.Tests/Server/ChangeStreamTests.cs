namespace IotBus.MongoDb.Tests.Server;

[Collection(StoreSuite.Name)]
public sealed class ChangeStreamTests(StoreFixture store)
{
    private static readonly ChangeStreamOptions Patient = new() { MaxAwaitTime = TimeSpan.FromSeconds(20) };

    [Fact]
    public async Task A_change_comes_while_it_is_waited_for()
    {
        var things = store.NewDatabase().GetCollection("things");
        await using var stream = await things.WatchAsync([], Patient);
        var next = stream.NextAsync();

        await things.InsertOneAsync(Thing(1));

        var change = Assert.Single(await next);
        Assert.Equal("insert", change.GetString("operationType"u8));
        Assert.Equal(1, change.GetDocument("fullDocument"u8).GetInt32("_id"u8));
    }

    [Fact]
    public async Task A_transaction_comes_whole_once_it_is_committed()
    {
        var database = store.NewDatabase();
        await database.EnsureCollectionAsync("things");
        var things = database.GetCollection("things");
        await using var stream = await things.WatchAsync([], Patient);

        await store.Client.WithTransactionAsync(async (session, token) =>
        {
            await things.InsertOneAsync(Thing(1), session, token);
            await things.InsertOneAsync(Thing(2), session, token);
            await things.InsertOneAsync(Thing(0), session: null, token);
            return true;
        });

        Assert.Equal([0, 1, 2], await IdsAsync(stream, 3));
    }

    [Fact]
    public async Task The_servers_stages_choose_and_shorten()
    {
        var things = store.NewDatabase().GetCollection("things");
        BsonDocument[] pipeline =
        [
            Bson.Document(("$match", Bson.Document(("fullDocument.n", Bson.Document(("$gt", 10)))))),
            Bson.Document(("$project", Bson.Document(("n", "$fullDocument.n")))),
        ];
        await using var stream = await things.WatchAsync(pipeline, Patient);

        await things.InsertOneAsync(Thing(1));
        await things.InsertOneAsync(Thing(11));

        var change = Assert.Single(await stream.NextAsync());
        Assert.Equal(["_id", "n"], change.Select(field => field.Name));
        Assert.Equal(11, change.GetInt32("n"u8));
    }

    [Fact]
    public async Task It_goes_on_where_another_stream_stood()
    {
        var things = store.NewDatabase().GetCollection("things");
        BsonDocument? token;
        await using (var before = await things.WatchAsync([], Patient))
        {
            await things.InsertOneAsync(Thing(1));
            Assert.Equal([1], await IdsAsync(before, 1));
            token = before.ResumeToken;
        }

        await things.InsertOneAsync(Thing(2));
        await using var stream = await things.WatchAsync([], Patient with { ResumeAfter = token });
        await things.InsertOneAsync(Thing(3));

        Assert.Equal([2, 3], await IdsAsync(stream, 2));
    }

    [Fact]
    public async Task No_change_for_a_while_is_told_by_an_empty_batch()
    {
        var things = store.NewDatabase().GetCollection("things");
        await using var stream = await things.WatchAsync([], new ChangeStreamOptions { MaxAwaitTime = TimeSpan.FromMilliseconds(1) });

        Assert.Empty(await stream.NextAsync());
        Assert.False(stream.IsOver);
    }

    [Fact]
    public async Task It_ends_with_its_collection()
    {
        var database = store.NewDatabase();
        await database.EnsureCollectionAsync("things");
        await using var stream = await database.GetCollection("things").WatchAsync([], Patient);

        await database.RunCommandAsync(Bson.Document(("drop", "things")));
        var kinds = new List<string>();
        while (!stream.IsOver)
            kinds.AddRange((await stream.NextAsync()).Select(change => change.GetString("operationType"u8)));

        Assert.Equal(["drop", "invalidate"], kinds);
        await Assert.ThrowsAsync<InvalidOperationException>(() => stream.NextAsync());
    }

    [Fact]
    public async Task Streams_that_wait_leave_the_connections_to_others()
    {
        var database = store.NewDatabase();
        await using var client = store.NewClient("streams", o => o with { MaxConnections = 1, MaxSessions = 1, MaxStreams = 2 });
        var things = client.GetDatabase(database.Name).GetCollection("things");
        await using var first = await things.WatchAsync([], Patient);
        await using var second = await things.WatchAsync([], Patient);
        var waiting = Task.WhenAll(first.NextAsync(), second.NextAsync());

        await client.WithTransactionAsync(async (_, token) =>
        {
            await client.PingAsync(token);
            return true;
        });
        var refused = await Assert.ThrowsAsync<MongoException>(() => things.WatchAsync([]));
        await things.InsertOneAsync(Thing(1));

        Assert.All(await waiting, changes => Assert.Single(changes));
        Assert.Equal(MongoFailure.Usage, refused.Failure);
    }

    [Fact]
    public async Task A_stream_that_is_given_up_gives_its_connection_back_at_once()
    {
        var database = store.NewDatabase();
        await using var client = store.NewClient("streams", o => o with { MaxStreams = 1 });
        var things = client.GetDatabase(database.Name).GetCollection("things");
        using var cancel = new CancellationTokenSource();
        var given = await things.WatchAsync([], Patient with { MaxAwaitTime = TimeSpan.FromSeconds(50) });
        var waiting = given.NextAsync(cancel.Token);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAsync<InvalidOperationException>(() => given.NextAsync());
        await given.DisposeAsync();

        await using var next = await things.WatchAsync([], Patient);
        await things.InsertOneAsync(Thing(1));
        Assert.Equal([1], await IdsAsync(next, 1));
    }

    [Fact]
    public async Task What_a_server_refuses_is_told_by_its_code()
    {
        var things = store.NewDatabase().GetCollection("things");

        var grouped = await Assert.ThrowsAsync<MongoException>(
            () => things.WatchAsync([Bson.Document(("$group", Bson.Document(("_id", 1))))]));
        var unknown = await Assert.ThrowsAsync<MongoException>(
            () => things.WatchAsync([], Patient with { ResumeAfter = Bson.Document(("_data", "no token")) }));

        Assert.Equal(20, grouped.Code);
        Assert.Equal(9, unknown.Code);
    }

    private static BsonDocument Thing(int n) => Bson.Document(("_id", n), ("n", n));

    private static async Task<IReadOnlyList<int>> IdsAsync(ChangeStream stream, int count)
    {
        var ids = new List<int>();
        while (ids.Count < count)
            ids.AddRange((await stream.NextAsync()).Select(change => change.GetDocument("documentKey"u8).GetInt32("_id"u8)));

        return ids;
    }
}
