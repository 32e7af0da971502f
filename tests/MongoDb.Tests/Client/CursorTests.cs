using IotBus.MongoDb.Tests.Wire;

namespace IotBus.MongoDb.Tests.Client;

public sealed class CursorTests
{
    [Fact]
    public async Task Batches_are_read_on_in_the_session_that_opened_the_cursor()
    {
        await using var server = new ScriptedServer();
        Script(server, batches: 3);
        await using var client = server.Connect(o => o with { MaxConnections = 4 });
        var collection = Collection(client);
        var seen = new List<int>();

        await foreach (var document in collection.FindEachAsync(BsonDocument.Empty, new FindOptions { BatchSize = 2 }))
        {
            seen.Add(document.GetInt32("_id"u8));
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.PingAsync()));
        }

        Assert.Equal([0, 1, 2, 3, 4, 5], seen);
        var reads = server.Commands.Where(c => c.First().Name is "find" or "getMore").ToArray();
        Assert.Equal(3, reads.Length);
        Assert.Single(reads.Select(c => c["lsid"u8].ToString()).Distinct());
        Assert.All(server.Received("getMore"), c => Assert.Equal(2, c.GetInt32("batchSize"u8)));
        Assert.Empty(server.Received("killCursors"));
    }

    [Fact]
    public async Task A_list_holds_all_batches()
    {
        await using var server = new ScriptedServer();
        Script(server, batches: 3);
        await using var client = server.Connect();

        Assert.Equal(6, (await Collection(client).FindAsync(BsonDocument.Empty)).Count);
    }

    [Fact]
    public async Task A_cursor_that_is_left_early_is_closed()
    {
        await using var server = new ScriptedServer();
        Script(server, batches: 3);
        await using var client = server.Connect();

        await foreach (var document in Collection(client).FindEachAsync(BsonDocument.Empty))
        {
            if (document.GetInt32("_id"u8) == 1)
                break;
        }

        var kill = Assert.Single(server.Received("killCursors"));
        Assert.Equal(77, kill.GetDocument("cursors"u8).First().Value.AsInt64());
        Assert.Empty(server.Received("getMore"));
    }

    [Fact]
    public async Task A_cursor_whose_first_batch_nobody_waits_for_is_closed()
    {
        await using var server = new ScriptedServer();
        Script(server, batches: 3);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var otherwise = server.Answer;
        server.Answer = async c =>
        {
            if (c.Contains("find"u8))
                await gate.Task;

            return await otherwise(c);
        };
        await using var client = server.Connect();
        using var cancel = new CancellationTokenSource();
        var reading = Collection(client).FindAsync(BsonDocument.Empty, options: null, session: null, cancel.Token);
        await Testing.Eventually.TrueAsync(() => server.Received("find").Count == 1);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        gate.SetResult();

        await Testing.Eventually.TrueAsync(() => server.Received("killCursors").Count == 1);
    }

    [Fact]
    public async Task The_next_batch_is_asked_for_once()
    {
        await using var server = new ScriptedServer();
        Script(server, batches: 3);
        server.OnNext("getMore", [null]);
        await using var client = server.Connect();

        var error = await Assert.ThrowsAsync<MongoException>(() => Collection(client).FindAsync(BsonDocument.Empty));

        Assert.Equal(MongoFailure.Network, error.Failure);
        Assert.Single(server.Received("getMore"));
    }

    [Fact]
    public async Task A_cursor_that_the_server_has_closed_is_an_error()
    {
        await using var server = new ScriptedServer();
        Script(server, batches: 3);
        server.OnNext("getMore", ScriptedServer.Error(43, "CursorNotFound"));
        await using var client = server.Connect();

        var error = await Assert.ThrowsAsync<MongoException>(() => Collection(client).FindAsync(BsonDocument.Empty));

        Assert.Equal(43, error.Code);
    }

    [Fact]
    public async Task An_answer_without_a_cursor_is_refused()
    {
        await using var server = new ScriptedServer();
        await using var client = server.Connect();

        await Assert.ThrowsAsync<BsonFormatException>(() => Collection(client).FindAsync(BsonDocument.Empty));
    }

    [Fact]
    public async Task One_document_is_asked_for_as_one()
    {
        await using var server = new ScriptedServer();
        Script(server, batches: 1);
        await using var client = server.Connect();

        Assert.NotNull(await Collection(client).FindOneAsync(BsonDocument.Empty));

        var find = Assert.Single(server.Received("find"));
        Assert.Equal(1, find.GetInt32("limit"u8));
        Assert.True(find.GetBoolean("singleBatch"u8));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_read_preference_of_the_URI_is_sent(bool inSession)
    {
        await using var server = new ScriptedServer();
        Script(server, batches: 2);
        await using var client = server.Connect(o => o with { Uri = o.Uri + "&readPreference=primaryPreferred" });
        await using var session = inSession ? await client.StartSessionAsync() : null;

        Assert.Equal(4, (await Collection(client).FindAsync(BsonDocument.Empty, options: null, session)).Count);

        Assert.Equal("primaryPreferred", server.Received("find")[0].GetDocument("$readPreference"u8).GetString("mode"u8));
    }

    [Fact]
    public async Task The_read_preference_of_the_URI_does_not_count_in_a_transaction()
    {
        await using var server = new ScriptedServer();
        Script(server, batches: 2);
        await using var client = server.Connect(o => o with { Uri = o.Uri + "&readPreference=primaryPreferred" });

        var documents = await client.WithTransactionAsync(
            (session, token) => Collection(client).FindAsync(BsonDocument.Empty, options: null, session, token));

        Assert.Equal(4, documents.Count);
        Assert.False(server.Received("find")[0].Contains("$readPreference"u8));
    }

    private static void Script(ScriptedServer server, int batches)
    {
        var next = 0;
        BsonDocument Batch(string name)
        {
            var first = 2 * next++;
            var documents = Bson.Array(Bson.Document(("_id", first)), Bson.Document(("_id", first + 1)));
            return ScriptedServer.Ok(("cursor", Bson.Document(("id", next < batches ? 77L : 0L), ("ns", "tests.things"), (name, documents))));
        }

        server.On("find", _ => Batch("firstBatch"));
        server.On("getMore", _ => Batch("nextBatch"));
    }

    private static MongoCollection Collection(MongoClient client) => client.GetDatabase("tests").GetCollection("things");
}
