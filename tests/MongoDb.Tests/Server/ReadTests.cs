namespace IotBus.MongoDb.Tests.Server;

[Collection(StoreSuite.Name)]
public sealed class ReadTests(StoreFixture store)
{
    [Fact]
    public async Task A_find_takes_filter_projection_sort_skip_and_limit()
    {
        var things = await ThingsAsync(20);

        var documents = await things.FindAsync(
            Bson.Document(("_id", Bson.Document(("$lt", 10)))),
            new FindOptions { Projection = Bson.Document(("n", 1)), Sort = Bson.Document(("_id", -1)), Skip = 1, Limit = 3 });

        Assert.Equal(["""{"_id":8,"n":16}""", """{"_id":7,"n":14}""", """{"_id":6,"n":12}"""], documents.Select(d => d.ToJson()));
    }

    [Fact]
    public async Task A_cursor_reads_several_batches()
    {
        var things = await ThingsAsync(1000);
        var count = 0;

        await foreach (var document in things.FindEachAsync(BsonDocument.Empty, new FindOptions { BatchSize = 100, Sort = Bson.Document(("_id", 1)) }))
            Assert.Equal(count++, document.GetInt32("_id"u8));

        Assert.Equal(1000, count);
        Assert.Equal(1000, (await things.FindAsync(BsonDocument.Empty, new FindOptions { BatchSize = 7 })).Count);
    }

    [Fact]
    public async Task Eight_cursors_are_read_side_by_side()
    {
        var things = await ThingsAsync(300);

        var counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
            (await things.FindAsync(BsonDocument.Empty, new FindOptions { BatchSize = 10 })).Count));

        Assert.All(counts, c => Assert.Equal(300, c));
    }

    [Fact]
    public async Task A_cursor_that_is_left_early_is_closed_at_the_server()
    {
        var things = await ThingsAsync(100);
        var before = await OpenCursorsAsync();

        await foreach (var document in things.FindEachAsync(BsonDocument.Empty, new FindOptions { BatchSize = 2 }))
        {
            if (document.GetInt32("_id"u8) == 1)
                break;
        }

        await Testing.Eventually.TrueAsync(async () => await OpenCursorsAsync() <= before);
    }

    [Fact]
    public async Task An_aggregation_groups_and_reads_several_batches()
    {
        var things = await ThingsAsync(1000);
        BsonDocument[] pipeline =
        [
            Bson.Document(("$match", Bson.Document(("_id", Bson.Document(("$gte", 500)))))),
            Bson.Document(("$group", Bson.Document(("_id", "$n"), ("count", Bson.Document(("$sum", 1)))))),
            Bson.Document(("$sort", Bson.Document(("_id", 1)))),
        ];

        var groups = await things.AggregateAsync(pipeline, new AggregateOptions { BatchSize = 50 });
        var first = 0;
        await foreach (var group in things.AggregateEachAsync(pipeline, new AggregateOptions { BatchSize = 50 }))
        {
            first = group.GetInt32("_id"u8);
            break;
        }

        Assert.Equal(500, groups.Count);
        Assert.All(groups, g => Assert.Equal(1, g.GetInt32("count"u8)));
        Assert.Equal(1000, first);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        var things = store.NewDatabase().GetCollection("things");

        Assert.Null(await things.FindOneAsync(Bson.Document(("_id", 1))));
        Assert.Empty(await things.FindAsync(BsonDocument.Empty));
        Assert.Equal(0, await things.CountAsync(BsonDocument.Empty));
    }

    [Fact]
    public async Task Every_type_comes_back_as_it_was_stored()
    {
        var things = store.NewDatabase().GetCollection("things");
        var document = Bson.Document(w =>
        {
            w.WriteGuid("_id"u8, Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"));
            w.WriteDouble("double"u8, double.MaxValue);
            w.WriteString("string"u8, "温度 \0 °C");
            w.WriteInt64("int64"u8, long.MinValue);
            w.WriteInt32("int32"u8, int.MinValue);
            w.WriteBoolean("bool"u8, false);
            w.WriteNull("null"u8);
            w.WriteDateTime("date"u8, DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123));
            w.WriteBinary("binary"u8, [1, 2, 3]);
            w.WriteObjectId("object_id"u8, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
            w.WriteStartArray("array"u8);
            w.WriteStartDocument();
            w.WriteInt32("deep"u8, 1);
            w.WriteEndDocument();
            w.WriteEndArray();
        });

        await things.InsertOneAsync(document);

        var found = (await things.FindOneAsync(Bson.Document(("_id", document.GetGuid("_id"u8)))))!.Value;
        Assert.Equal(Convert.ToHexString(document.Span), Convert.ToHexString(found.Span));
    }

    [Fact]
    public async Task A_read_that_the_server_refuses_says_why()
    {
        var things = store.NewDatabase().GetCollection("things");

        var error = await Assert.ThrowsAsync<MongoException>(() => things.FindAsync(Bson.Document(("a", Bson.Document(("$frobnicate", 1))))));

        Assert.Equal(MongoFailure.Server, error.Failure);
        Assert.Equal(2, error.Code);
        Assert.Equal("BadValue", error.CodeName);
    }

    [Fact]
    public async Task A_command_that_does_not_exist_is_refused()
    {
        var error = await Assert.ThrowsAsync<MongoException>(() => store.NewDatabase().RunCommandAsync(Bson.Document(("frobnicate", 1))));

        Assert.Equal(59, error.Code);
    }

    private async Task<long> OpenCursorsAsync()
    {
        // Not every server counts its open cursors; where it does not, only the call itself is tried.
        var status = await store.Client.GetDatabase("admin").RunCommandAsync(Bson.Document(("serverStatus", 1)));
        return status.TryGetDocument("metrics"u8, out var metrics)
            && metrics.TryGetDocument("cursor"u8, out var cursor)
            && cursor.TryGetDocument("open"u8, out var open)
            && open.TryGetInt64("total"u8, out var total)
                ? total
                : 0;
    }

    private async Task<MongoCollection> ThingsAsync(int count)
    {
        var things = store.NewDatabase().GetCollection("things");
        using var batch = new BsonBatch();
        for (var i = 0; i < count; i++)
            batch.Add(Bson.Document(("_id", i), ("n", 2 * i), ("text", "something to read")));

        await things.InsertManyAsync(batch);
        return things;
    }
}
