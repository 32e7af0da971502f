namespace IotBus.MongoDb.Tests.Server;

[Collection(StoreSuite.Name)]
public sealed class WriteTests(StoreFixture store)
{
    [Fact]
    public async Task A_batch_of_documents_is_inserted_and_found_again()
    {
        var things = store.NewDatabase().GetCollection("things");
        using var batch = new BsonBatch();
        for (var i = 0; i < 2000; i++)
        {
            var writer = batch.StartDocument();
            writer.WriteInt32("_id"u8, i);
            writer.WriteGuid("event"u8, Guid.NewGuid());
            writer.WriteDouble("temperature"u8, 20.5);
            writer.WriteEndDocument();
        }

        var result = await things.InsertManyAsync(batch, WriteOptions.Unordered);

        Assert.Equal(2000, result.Inserted);
        Assert.Equal(2000, await things.CountAsync(BsonDocument.Empty));
        Assert.Equal(20.5, (await things.FindOneAsync(Bson.Document(("_id", 1999))))!.Value.GetDouble("temperature"u8));
    }

    [Fact]
    public async Task An_unordered_batch_inserts_what_is_new_and_names_what_is_not()
    {
        var things = store.NewDatabase().GetCollection("things");
        await things.InsertOneAsync(Bson.Document(("_id", 1)));
        await things.InsertOneAsync(Bson.Document(("_id", 3)));

        var error = await Assert.ThrowsAsync<MongoBulkWriteException>(() => InsertAsync(things, WriteOptions.Unordered, 0, 1, 2, 3, 4));

        Assert.True(error.IsDuplicateKey);
        Assert.Equal([1, 3], error.Errors.Select(e => e.Index));
        Assert.Equal([1, 3], error.Errors.Select(e => e.KeyValue!.Value.GetInt32("_id"u8)));
        Assert.Equal(3, error.Result.Inserted);
        Assert.Equal(5, await things.CountAsync(BsonDocument.Empty));
    }

    [Fact]
    public async Task An_ordered_batch_ends_at_the_first_document_that_is_there()
    {
        var things = store.NewDatabase().GetCollection("things");
        await things.InsertOneAsync(Bson.Document(("_id", 1)));

        var error = await Assert.ThrowsAsync<MongoBulkWriteException>(() => InsertAsync(things, new WriteOptions(), 0, 1, 2));

        Assert.Equal(1, Assert.Single(error.Errors).Index);
        Assert.Equal(1, error.Result.Inserted);
        Assert.Equal(2, await things.CountAsync(BsonDocument.Empty));
    }

    [Fact]
    public async Task Statements_of_every_kind_do_what_they_say_in_their_order()
    {
        var things = store.NewDatabase().GetCollection("things");
        await InsertAsync(things, new WriteOptions(), 1, 2, 3, 4, 5);
        using var batch = new WriteBatch();
        batch.Update(Id(1), Bson.Document(("$inc", Bson.Document(("n", 2L)))));
        batch.Update(Id(2), Bson.Document(("replaced", true)));
        batch.Update(Id(3), [Bson.Document(("$set", Bson.Document(("copy", "$_id"))))]);
        batch.Update(Bson.Document(("_id", Bson.Document(("$gte", 4)))), Bson.Document(("$set", Bson.Document(("late", true)))), multi: true);
        batch.Update(Id(6), Bson.Document(("$max", Bson.Document(("at", 7)))), upsert: true);
        batch.Delete(Id(5));
        batch.Delete(Bson.Document(("_id", Bson.Document(("$gte", 4)))), multi: true);
        batch.Update(Id(4), Bson.Document(("$set", Bson.Document(("back", true)))), upsert: true);

        var result = await things.BulkWriteAsync(batch);

        Assert.Equal(5, result.Matched);
        Assert.Equal(5, result.Modified);
        Assert.Equal(3, result.Deleted);
        Assert.Equal([4, 7], result.Upserted.Select(u => u.Index));
        Assert.Equal([6, 4], result.Upserted.Select(u => u.Id.AsInt32()));
        var documents = await things.FindAsync(BsonDocument.Empty, new FindOptions { Sort = Bson.Document(("_id", 1)) });
        Assert.Equal(
            ["""{"_id":1,"n":2}""", """{"_id":2,"replaced":true}""", """{"_id":3,"copy":3}""", """{"_id":4,"back":true}"""],
            documents.Select(d => d.ToJson()));
    }

    [Fact]
    public async Task An_update_that_changes_nothing_matches_and_modifies_nothing()
    {
        var things = store.NewDatabase().GetCollection("things");
        await things.InsertOneAsync(Bson.Document(("_id", 1), ("a", 1)));

        var result = await things.UpdateOneAsync(Id(1), Bson.Document(("$set", Bson.Document(("a", 1)))));

        Assert.Equal((1, 0), (result.Matched, result.Modified));
    }

    [Fact]
    public async Task An_upsert_whose_filter_misses_the_document_of_its_key_is_a_duplicate()
    {
        var things = store.NewDatabase().GetCollection("things");
        await things.InsertOneAsync(Bson.Document(("_id", 1), ("seen", 5)));
        var older = Bson.Document(("_id", 1), ("seen", Bson.Document(("$lt", 3))));

        var error = await Assert.ThrowsAsync<MongoBulkWriteException>(
            () => things.UpdateOneAsync(older, Bson.Document(("$set", Bson.Document(("seen", 3)))), upsert: true));

        Assert.True(error.IsDuplicateKey);
    }

    [Fact]
    public async Task Documents_are_changed_and_returned_in_one_step()
    {
        var things = store.NewDatabase().GetCollection("things");
        var add = Bson.Document(("$inc", Bson.Document(("n", 1))));

        Assert.Null(await things.FindOneAndUpdateAsync(Id(1), add));
        var made = await things.FindOneAndUpdateAsync(Id(1), add, new FindAndUpdateOptions { Upsert = true, ReturnUpdated = true });
        var before = await things.FindOneAndUpdateAsync(Id(1), add);
        var removed = await things.FindOneAndDeleteAsync(Id(1));

        Assert.Equal(1, made!.Value.GetInt32("n"u8));
        Assert.Equal(1, before!.Value.GetInt32("n"u8));
        Assert.Equal(2, removed!.Value.GetInt32("n"u8));
        Assert.Null(await things.FindOneAndDeleteAsync(Id(1)));
    }

    [Fact]
    public async Task Documents_are_deleted_one_or_all()
    {
        var things = store.NewDatabase().GetCollection("things");
        await InsertAsync(things, new WriteOptions(), 1, 2, 3, 4);
        var any = Bson.Document(("_id", Bson.Document(("$gt", 1))));

        Assert.Equal(1, await things.DeleteOneAsync(any));
        Assert.Equal(2, await things.DeleteManyAsync(any));
        Assert.Equal(0, await things.DeleteManyAsync(any));
        Assert.Equal(1, (await things.UpdateManyAsync(BsonDocument.Empty, Bson.Document(("$set", Bson.Document(("a", 1)))))).Modified);
    }

    [Fact]
    public async Task Eight_writers_at_once_lose_nothing()
    {
        var things = store.NewDatabase().GetCollection("things");
        await things.InsertOneAsync(Bson.Document(("_id", "counter"), ("n", 0)));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            using var batch = new BsonBatch();
            for (var round = 0; round < 20; round++)
            {
                batch.Clear();
                for (var i = 0; i < 50; i++)
                    batch.Add(Bson.Document(("_id", $"{writer}-{round}-{i}")));

                await things.InsertManyAsync(batch, WriteOptions.Unordered);
                await things.UpdateOneAsync(Bson.Document(("_id", "counter")), Bson.Document(("$inc", Bson.Document(("n", 50)))));
            }
        }));

        Assert.Equal(8001, await things.CountAsync(BsonDocument.Empty));
        Assert.Equal(8000, (await things.FindOneAsync(Bson.Document(("_id", "counter"))))!.Value.GetInt32("n"u8));
    }

    [Fact]
    public async Task An_unknown_operator_is_the_servers_error()
    {
        var things = store.NewDatabase().GetCollection("things");

        var error = await Assert.ThrowsAsync<MongoBulkWriteException>(
            () => things.UpdateOneAsync(Id(1), Bson.Document(("$frobnicate", Bson.Document(("a", 1)))), upsert: true));

        Assert.Equal(9, Assert.Single(error.Errors).Code);
        Assert.False(error.IsTransient);
    }

    private static BsonDocument Id(int id) => Bson.Document(("_id", id));

    private static async Task<BulkWriteResult> InsertAsync(MongoCollection things, WriteOptions options, params int[] ids)
    {
        using var batch = new BsonBatch();
        foreach (var id in ids)
            batch.Add(Id(id));

        return await things.InsertManyAsync(batch, options);
    }
}
