namespace IotBus.MongoDb.Tests.Documents;

public sealed class BsonDocumentTests
{
    [Fact]
    public void Fields_are_looked_up_by_name_and_type()
    {
        var document = Bson.Document(("a", 1), ("b", Bson.Document(("c", "deep"))), ("n", (string?)null));

        Assert.Equal(1, document.GetInt32("a"u8));
        Assert.Equal("deep", document.GetDocument("b"u8).GetString("c"));
        Assert.True(document.TryGetInt64("a"u8, out var value));
        Assert.Equal(1, value);
        Assert.False(document.TryGetString("n"u8, out _));
        Assert.False(document.TryGetString("missing"u8, out _));
        Assert.True(document.Contains("n"u8));
        Assert.Throws<KeyNotFoundException>(() => document.GetInt32("missing"u8));
    }

    [Fact]
    public void A_lookup_does_not_mistake_a_prefix_for_the_name()
    {
        var document = Bson.Document(("device", 1), ("dev", 2));

        Assert.Equal(2, document.GetInt32("dev"u8));
        Assert.Equal(2, document.GetInt32("dev"));
    }

    [Fact]
    public void The_default_is_the_empty_document()
    {
        Assert.True(default(BsonDocument).IsEmpty);
        Assert.Equal("{}", default(BsonDocument).ToJson());
        Assert.Empty(default(BsonDocument));
    }

    [Fact]
    public void Json_shows_the_types_that_JSON_has_not()
    {
        var document = Bson.Document(
            ("_id", Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")),
            ("at", DateTimeOffset.UnixEpoch),
            ("early", DateTimeOffset.UnixEpoch.AddMilliseconds(-1)),
            ("nan", double.NaN),
            ("list", Bson.Array(1, "é", true)));

        Assert.Equal(
            """{"_id":{"$uuid":"00112233-4455-6677-8899-aabbccddeeff"},"at":{"$date":"1970-01-01T00:00:00Z"},"early":{"$date":"-1"},"nan":{"$numberDouble":"NaN"},"list":[1,"é",true]}""",
            document.ToJson());
    }

    [Fact]
    public void A_value_is_copied_from_one_document_into_another()
    {
        var regex = new BsonValue(BsonType.RegularExpression, new byte[] { (byte)'a', 0, 0 });

        var document = Bson.Document(("r", regex), ("none", default));

        Assert.Equal(BsonType.RegularExpression, document["r"u8].Type);
        Assert.Equal(BsonType.Null, document["none"u8].Type);
    }
}
