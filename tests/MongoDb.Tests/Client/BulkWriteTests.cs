using IotBus.MongoDb.Tests.Wire;

namespace IotBus.MongoDb.Tests.Client;

/// <summary>What becomes of the server's answers to batches.</summary>
public sealed class BulkWriteTests
{
    private static readonly BsonDocument Filter = Bson.Document(("_id", 1));

    [Fact]
    public async Task Counts_and_upserts_of_several_commands_are_added_up_under_the_batchs_indexes()
    {
        await using var server = new ScriptedServer();
        server.On("delete", _ => ScriptedServer.Ok(("n", 3)));
        server.On("update", _ => ScriptedServer.Ok(
            ("n", 3), ("nModified", 1), ("upserted", Bson.Array(Bson.Document(("index", 1), ("_id", "made"))))));
        await using var client = server.Connect();
        using var batch = new WriteBatch();
        batch.Delete(Filter);
        batch.Update(Filter, Filter);
        batch.Update(Filter, [Bson.Document(("$set", Filter))], upsert: true);
        batch.Delete(Filter);

        var result = await Collection(client).BulkWriteAsync(batch);

        Assert.Equal(6, result.Deleted);
        Assert.Equal(2, result.Matched);
        Assert.Equal(1, result.Modified);
        var upserted = Assert.Single(result.Upserted);
        Assert.Equal(2, upserted.Index);
        Assert.Equal("made", upserted.Id.AsString());
        Assert.Equal(["delete", "update", "delete"], server.Commands.Select(c => c.First().Name));
    }

    [Fact]
    public async Task A_refused_statement_is_told_with_its_index_code_and_key()
    {
        await using var server = new ScriptedServer();
        server.On("insert", _ => ScriptedServer.Ok(("n", 1), ("writeErrors", Bson.Array(Duplicate(1)))));
        await using var client = server.Connect();

        var error = await Assert.ThrowsAsync<MongoBulkWriteException>(() => InsertAsync(client, 2, WriteOptions.Unordered));

        var refused = Assert.Single(error.Errors);
        Assert.Equal(1, refused.Index);
        Assert.Equal(11000, refused.Code);
        Assert.Equal("""{"_id":1}""", refused.KeyValue!.Value.ToJson());
        Assert.True(error.IsDuplicateKey);
        Assert.False(error.IsTransient);
        Assert.Equal(1, error.Result.Inserted);
    }

    [Fact]
    public async Task An_ordered_batch_ends_with_its_first_error_and_an_unordered_one_goes_on()
    {
        await using var server = new ScriptedServer();
        server.On("update", _ => ScriptedServer.Ok(("n", 0), ("writeErrors", Bson.Array(Duplicate(0)))));
        await using var client = server.Connect();
        using var batch = new WriteBatch();
        batch.Update(Filter, Filter);
        batch.Delete(Filter);

        await Assert.ThrowsAsync<MongoBulkWriteException>(() => Collection(client).BulkWriteAsync(batch));
        Assert.Empty(server.Received("delete"));

        await Assert.ThrowsAsync<MongoBulkWriteException>(() => Collection(client).BulkWriteAsync(batch, WriteOptions.Unordered));
        Assert.Single(server.Received("delete"));
    }

    [Fact]
    public async Task Errors_of_several_commands_are_told_in_the_batchs_order()
    {
        await using var server = new ScriptedServer();
        server.On("update", _ => ScriptedServer.Ok(("n", 0), ("writeErrors", Bson.Array(Duplicate(0)))));
        server.On("delete", _ => ScriptedServer.Ok(("n", 0), ("writeErrors", Bson.Array(Bson.Document(("index", 0), ("code", 20), ("errmsg", "no"))))));
        await using var client = server.Connect();
        using var batch = new WriteBatch();
        batch.Delete(Filter);
        batch.Update(Filter, Filter);

        var error = await Assert.ThrowsAsync<MongoBulkWriteException>(() => Collection(client).BulkWriteAsync(batch, WriteOptions.Unordered));

        Assert.Equal([(0, 20), (1, 11000)], error.Errors.Select(e => (e.Index, e.Code)));
        Assert.Null(error.Errors[0].KeyValue);
        Assert.False(error.IsDuplicateKey);
    }

    [Fact]
    public async Task A_write_that_the_majority_did_not_confirm_is_an_error()
    {
        await using var server = new ScriptedServer();
        server.On("insert", _ => ScriptedServer.Ok(
            ("n", 1), ("writeConcernError", Bson.Document(("code", 64), ("codeName", "WriteConcernFailed"), ("errmsg", "waiting for replication timed out")))));
        await using var client = server.Connect();

        var error = await Assert.ThrowsAsync<MongoException>(() => InsertAsync(client, 1));

        Assert.Equal(64, error.Code);
        Assert.Contains("replication", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_about_statements_that_were_not_sent_is_refused()
    {
        await using var server = new ScriptedServer();
        server.On("insert", _ => ScriptedServer.Ok(("n", 0), ("writeErrors", Bson.Array(Duplicate(7)))));
        await using var client = server.Connect();

        await Assert.ThrowsAsync<BsonFormatException>(() => InsertAsync(client, 1));
    }

    [Fact]
    public async Task Options_are_sent_with_each_command()
    {
        await using var server = new ScriptedServer();
        await using var client = server.Connect(o => o with { Uri = o.Uri + "&w=majority&wtimeoutMS=1500" });

        await InsertAsync(client, 1, new WriteOptions { Ordered = false, MaxTime = TimeSpan.FromSeconds(2) });

        var insert = Assert.Single(server.Received("insert"));
        Assert.False(insert.GetBoolean("ordered"u8));
        Assert.Equal(2000, insert.GetInt64("maxTimeMS"u8));
        Assert.Equal("majority", insert.GetDocument("writeConcern"u8).GetString("w"u8));
    }

    [Fact]
    public async Task An_empty_batch_asks_nothing()
    {
        await using var server = new ScriptedServer();
        await using var client = server.Connect();

        var result = await InsertAsync(client, 0);

        Assert.Equal(0, result.Inserted);
        Assert.Empty(server.Commands);
    }

    private static BsonDocument Duplicate(int index) =>
        Bson.Document(("index", index), ("code", 11000), ("keyPattern", Filter), ("keyValue", Filter), ("errmsg", "E11000 duplicate key"));

    private static async Task<BulkWriteResult> InsertAsync(MongoClient client, int count, WriteOptions? options = null)
    {
        using var batch = new BsonBatch();
        for (var i = 0; i < count; i++)
            batch.Add(Bson.Document(("_id", i)));

        return await Collection(client).InsertManyAsync(batch, options);
    }

    private static MongoCollection Collection(MongoClient client) => client.GetDatabase("tests").GetCollection("things");
}
