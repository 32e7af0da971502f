namespace IotBus.MongoDb.Tests.Documents;

public sealed class BsonBatchTests
{
    [Fact]
    public void A_document_that_was_not_ended_is_dropped()
    {
        using var batch = new BsonBatch();
        batch.Add(Bson.Document(("_id", 1)));
        var unfinished = batch.StartDocument();
        unfinished.WriteStartArray("a"u8);

        var next = batch.StartDocument();
        next.WriteInt32("_id"u8, 2);
        next.WriteEndDocument();

        Assert.Equal(2, batch.Count);
        var content = batch.Share();
        Assert.Equal(2, new BsonDocument(content[1].ToArray()).GetInt32("_id"u8));
        content.Release();
    }

    [Fact]
    public void A_statement_that_was_not_ended_is_dropped_with_its_kind()
    {
        using var batch = new WriteBatch();
        batch.StartDelete(multi: true);
        batch.Update(Bson.Document(("_id", 1)), Bson.Document(("a", 1)));
        batch.StartDelete();

        Assert.Equal(1, batch.Count);
        var content = batch.Share();
        Assert.Equal(StatementKind.Update, content.Kind(0));
        content.Release();
    }

    [Fact]
    public void A_document_over_16_MiB_is_refused_and_leaves_the_others()
    {
        using var batch = new BsonBatch();
        batch.Add(Bson.Document(("_id", 1)));
        var writer = batch.StartDocument();
        writer.WriteBinary("b"u8, new byte[BsonLimits.MaxStoredDocument]);
        writer.WriteEndDocument();

        Assert.Throws<BsonFormatException>(() => batch.Count);
        Assert.Equal(1, batch.Count);
    }

    [Fact]
    public void A_batch_is_cut_by_count_and_by_bytes()
    {
        using var batch = new BsonBatch();
        var small = Bson.Document(("_id", 1));
        for (var i = 0; i < BatchSlice.MaxCount + 1; i++)
            batch.Add(small);

        var large = Bson.Document(w => w.WriteBinary("b"u8, new byte[BatchSlice.MaxBytes]));
        batch.Add(large);
        batch.Add(large);

        var content = batch.Share();
        var slices = BatchSlice.Cut(content, ordered: true);
        content.Release();

        Assert.Equal([BatchSlice.MaxCount, 1, 1, 1], slices.Select(s => s.Indexes.Length));
        Assert.Equal(BatchSlice.MaxCount, slices[1].IndexOf(0));
        Assert.Throws<BsonFormatException>(() => slices[1].IndexOf(1));
    }

    [Fact]
    public void Unordered_statements_are_sent_updates_first_and_keep_their_indexes()
    {
        using var batch = new WriteBatch();
        var filter = Bson.Document(("_id", 1));
        batch.Delete(filter);
        batch.Update(filter, filter);
        batch.Delete(filter, multi: true);
        batch.Update(filter, filter);

        var content = batch.Share();
        var unordered = BatchSlice.Cut(content, ordered: false);
        var ordered = BatchSlice.Cut(content, ordered: true);
        content.Release();

        Assert.Equal([StatementKind.Update, StatementKind.Delete], unordered.Select(s => s.Command));
        Assert.Equal([1, 3], unordered[0].Indexes.ToArray());
        Assert.Equal([0, 2], unordered[1].Indexes.ToArray());
        Assert.True(unordered[0].MayBeNumbered);
        Assert.False(unordered[1].MayBeNumbered);
        Assert.Equal(4, ordered.Count);
    }
}
