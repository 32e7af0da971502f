namespace IotBus.MongoDb.Tests.Documents;

public sealed class BsonReaderTests
{
    [Fact]
    public void What_was_written_is_read()
    {
        var id = Guid.NewGuid();
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);
        var document = Bson.Document(
            ("double", 20.5), ("string", "温度"), ("int32", 7), ("int64", 1L << 40), ("bool", true), ("null", (string?)null), ("uuid", id), ("date", at));
        var reader = document.Read();

        Assert.True(reader.Read());
        Assert.Equal("double", reader.GetName());
        Assert.Equal(20.5, reader.GetDouble());
        Assert.True(reader.Read());
        Assert.Equal("温度", reader.GetString());
        Assert.True(reader.Read());
        Assert.Equal(7, reader.GetInt32());
        Assert.True(reader.Read());
        Assert.Equal(1L << 40, reader.GetInt64());
        Assert.True(reader.Read());
        Assert.True(reader.GetBoolean());
        Assert.True(reader.Read());
        Assert.True(reader.IsNull);
        Assert.True(reader.Read());
        Assert.Equal(id, reader.GetGuid());
        Assert.True(reader.Read());
        Assert.Equal(at, reader.GetDateTime());
        Assert.False(reader.Read());
    }

    [Theory]
    [InlineData("RegularExpression", "0B 7200 6100 6900")]
    [InlineData("Decimal128", "13 7200 00000000000000000000000000000000")]
    [InlineData("Timestamp", "11 7200 0100000002000000")]
    [InlineData("MinKey", "FF 7200")]
    [InlineData("MaxKey", "7F 7200")]
    [InlineData("Undefined", "06 7200")]
    [InlineData("JavaScript", "0D 7200 02000000 6100")]
    [InlineData("Symbol", "0E 7200 02000000 6100")]
    [InlineData("JavaScriptWithScope", "0F 7200 0F000000 02000000 6100 0500000000")]
    [InlineData("DbPointer", "0C 7200 02000000 6100 000000000000000000000000")]
    public void A_value_of_a_type_without_a_getter_is_skipped(string type, string element)
    {
        var elements = Convert.FromHexString(element.Replace(" ", "", StringComparison.Ordinal) + "10780005000000");
        byte[] bytes = [.. BitConverter.GetBytes(elements.Length + 5), .. elements, 0];
        var reader = new BsonReader(bytes);

        Assert.True(reader.Read());
        Assert.Equal(type, reader.Type.ToString());
        Assert.True(reader.Read());
        Assert.Equal(5, reader.GetInt32());
        Assert.False(reader.Read());
        Assert.Contains("\"x\":5", new BsonDocument(bytes).ToJson(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("too short for a document", "00000000")]
    [InlineData("shorter than it says", "0600000000")]
    [InlineData("longer than it says", "050000000000")]
    [InlineData("longer than any document", "FFFFFF7F00")]
    [InlineData("negative length", "FFFFFFFF00")]
    [InlineData("no NUL at its end", "0500000001")]
    [InlineData("name without end", "08000000 10616100")]
    [InlineData("value cut off", "0A000000 106100010000")]
    [InlineData("no such type", "08000000 22610000")]
    [InlineData("string without NUL", "0E000000 026100 02000000 6161 00")]
    [InlineData("string of no bytes", "0C000000 026100 00000000 00")]
    [InlineData("string longer than the document", "0E000000 026100 FF000000 6100 00")]
    [InlineData("string that is no UTF-8", "0F000000 026100 03000000 C32800 00")]
    [InlineData("boolean that is 2", "09000000 086100 02 00")]
    [InlineData("binary of negative length", "0D000000 056100 FFFFFFFF00 00")]
    [InlineData("binary longer than the document", "0D000000 056100 0A00000000 00")]
    [InlineData("embedded document too short", "0C000000 036100 04000000 00")]
    [InlineData("embedded document too long", "0D000000 036100 50000000 00 00")]
    [InlineData("regular expression without end", "09000000 0B6100 61 00")]
    public void Malformed_bytes_are_refused(string what, string hex)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        var error = Assert.Throws<BsonFormatException>(() => BsonWalk.All(new BsonReader(bytes)));

        Assert.False(string.IsNullOrEmpty(error.Message), what);
    }

    [Fact]
    public void A_value_of_another_type_is_not_converted()
    {
        Assert.Throws<BsonFormatException>(() => Bson.Document(("s", "5")).GetInt32("s"u8));
        Assert.Throws<BsonFormatException>(() => Bson.Document(("s", 5)).GetString("s"u8));
        Assert.Throws<BsonFormatException>(() => Bson.Document(("s", 5.5)).GetInt64("s"u8));
        Assert.Throws<BsonFormatException>(() => Bson.Document(("s", 1L << 40)).GetInt32("s"u8));
        Assert.Throws<BsonFormatException>(() => Bson.Document(w => w.WriteBinary("s"u8, new byte[16])).GetGuid("s"u8));
        Assert.Throws<BsonFormatException>(() => Bson.Document(w => w.WriteDateTime("s"u8, long.MaxValue)).GetDateTime("s"u8));
    }

    [Fact]
    public void Numbers_are_read_as_each_other_where_nothing_is_lost()
    {
        Assert.Equal(1L, Bson.Document(("n", 1.0)).GetInt64("n"u8));
        Assert.Equal(1.0, Bson.Document(("n", 1)).GetDouble("n"u8));
        Assert.Equal(1, Bson.Document(("n", 1L)).GetInt32("n"u8));
    }

    [Fact]
    public void Documents_nested_deeper_than_100_are_refused()
    {
        byte[] bytes = [5, 0, 0, 0, 0];
        for (var depth = 0; depth < 100; depth++)
            bytes = [.. BitConverter.GetBytes(bytes.Length + 8), 3, (byte)'d', 0, .. bytes, 0];

        Assert.Throws<BsonFormatException>(() => BsonWalk.All(new BsonReader(bytes)));
        Assert.Throws<BsonFormatException>(() => new BsonDocument(bytes).ToJson());
    }
}
