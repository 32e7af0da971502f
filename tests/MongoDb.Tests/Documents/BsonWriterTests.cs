using System.Globalization;
using System.Text;

namespace IotBus.MongoDb.Tests.Documents;

public sealed class BsonWriterTests
{
    public static TheoryData<string, string> Vectors() => new()
    {
        { "empty", "05000000 00" },
        { "bsonspec.org: hello world", "16000000 02 68656C6C6F00 06000000 776F726C6400 00" },
        { "bsonspec.org: awesome", "31000000 04 42534F4E00 26000000 02 3000 08000000 617765736F6D6500 01 3100 3333333333331440 10 3200 C2070000 00 00" },
        { "double", "10000000 01 6400 000000000000F8BF 00" },
        { "string with a NUL and a character of two bytes", "10000000 02 7300 04000000 C3A90000 00" },
        { "string that is UTF-8", "0F000000 02 7300 03000000 C3A900 00" },
        { "document", "0D000000 03 6100 05000000 00 00" },
        { "UUID in RFC byte order", "1D000000 05 7500 10000000 04 00112233445566778899AABBCCDDEEFF 00" },
        { "binary", "0F000000 05 6200 02000000 80 0102 00" },
        { "ObjectId", "14000000 07 6F00 303132333435363738394142 00" },
        { "true and false", "0D000000 08 7400 01 08 6600 00 00" },
        { "date before 1970", "10000000 09 6400 FFFFFFFFFFFFFFFF 00" },
        { "null", "08000000 0A 6E00 00" },
        { "int32", "0C000000 10 6900 FEFFFFFF 00" },
        { "int64", "10000000 12 6C00 FFFFFFFFFFFFFF7F 00" },
        { "name as a string", "0D000000 10 C3A400 01000000 00" },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Documents_are_written_byte_for_byte_as_BSON_says(string what, string expected)
    {
        var document = Bson.Document(w => Write(what, w));

        Assert.Equal(expected.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(document.Span));
    }

    [Fact]
    public void An_array_has_its_indexes_for_names_beyond_ten_elements()
    {
        var array = Bson.Array([.. Enumerable.Range(0, 12).Select(i => (BsonValue)i)]).AsDocument();

        Assert.Equal(Enumerable.Range(0, 12).Select(i => i.ToString(CultureInfo.InvariantCulture)), array.Select(e => e.Name));
    }

    [Fact]
    public void A_name_with_NUL_is_refused_and_leaves_nothing_behind()
    {
        using var buffer = new BsonBuffer();
        var writer = new BsonWriter(buffer);
        writer.WriteStartDocument();

        Assert.Throws<ArgumentException>(() => new BsonWriter(buffer).WriteInt32("a\0b"u8, 1));
        Assert.Throws<ArgumentException>(() => new BsonWriter(buffer).WriteInt32("a\0b", 1));

        writer.WriteEndDocument();
        Assert.Equal("0500000000", Convert.ToHexString(buffer.WrittenSpan));
    }

    [Fact]
    public void Values_need_a_name_in_a_document_and_none_in_an_array()
    {
        using var buffer = new BsonBuffer();
        var writer = new BsonWriter(buffer);
        writer.WriteStartDocument();
        Assert.Throws<InvalidOperationException>(() => new BsonWriter(buffer).WriteInt32(1));

        writer.WriteStartArray("a"u8);
        Assert.Throws<InvalidOperationException>(() => new BsonWriter(buffer).WriteInt32("b"u8, 1));
        Assert.Throws<InvalidOperationException>(() => new BsonWriter(buffer).WriteEndDocument());
    }

    [Fact]
    public void What_was_not_opened_cannot_be_closed()
    {
        using var buffer = new BsonBuffer();

        Assert.Throws<InvalidOperationException>(() => new BsonWriter(buffer).WriteEndDocument());
        Assert.Throws<InvalidOperationException>(() => new BsonWriter(buffer).WriteInt32("a"u8, 1));
    }

    [Fact]
    public void Documents_nested_deeper_than_100_are_refused()
    {
        using var buffer = new BsonBuffer();
        var writer = new BsonWriter(buffer);
        writer.WriteStartDocument();
        for (var depth = 2; depth <= 100; depth++)
            writer.WriteStartDocument("d"u8);

        Assert.Throws<BsonFormatException>(() => new BsonWriter(buffer).WriteStartDocument("d"u8));
    }

    [Fact]
    public void A_document_over_the_bound_is_refused()
    {
        using var buffer = new BsonBuffer();
        var writer = new BsonWriter(buffer);
        writer.WriteStartDocument();
        writer.WriteBinary("b"u8, new byte[BsonLimits.MaxDocument]);

        Assert.Throws<BsonFormatException>(() => new BsonWriter(buffer).WriteEndDocument());
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused_as_a_string() =>
        Assert.Throws<BsonFormatException>(() => Bson.Document(w => w.WriteString("s"u8, [0xC3, 0x28])));

    [Fact]
    public void A_buffer_that_is_cleared_while_a_call_reads_it_leaves_the_bytes_to_the_call()
    {
        using var buffer = new BsonBuffer();
        new BsonWriter(buffer).WriteDocument(Bson.Document(("a", 1)));
        var shared = buffer.Share();
        var before = shared.Array.AsSpan(0, buffer.Length).ToArray();

        buffer.Clear();
        new BsonWriter(buffer).WriteDocument(Bson.Document(("b", "something else")));

        Assert.Equal(before, shared.Array.AsSpan(0, before.Length).ToArray());
        shared.Release();
    }

    [Fact]
    public void A_disposed_buffer_cannot_be_written_to()
    {
        var buffer = new BsonBuffer();
        buffer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => new BsonWriter(buffer).WriteStartDocument());
        Assert.Throws<ObjectDisposedException>(buffer.Clear);
    }

    [Fact]
    public void A_long_string_of_many_bytes_a_character_fits()
    {
        var text = new StringBuilder().Insert(0, "温度", 100_000).ToString();

        Assert.Equal(text, Bson.Document(("s", text)).GetString("s"u8));
    }

    private static void Write(string what, BsonWriter w)
    {
        switch (what)
        {
            case "bsonspec.org: hello world":
                w.WriteString("hello"u8, "world");
                break;
            case "bsonspec.org: awesome":
                w.WriteStartArray("BSON"u8);
                w.WriteString("awesome");
                w.WriteDouble(5.05);
                w.WriteInt32(1986);
                w.WriteEndArray();
                break;
            case "double":
                w.WriteDouble("d"u8, -1.5);
                break;
            case "string with a NUL and a character of two bytes":
                w.WriteString("s"u8, "é\0");
                break;
            case "string that is UTF-8":
                w.WriteString("s"u8, "é"u8);
                break;
            case "document":
                w.WriteStartDocument("a"u8);
                w.WriteEndDocument();
                break;
            case "UUID in RFC byte order":
                w.WriteGuid("u"u8, Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"));
                break;
            case "binary":
                w.WriteBinary("b"u8, [1, 2], subtype: 0x80);
                break;
            case "ObjectId":
                w.WriteObjectId("o"u8, "0123456789AB"u8);
                break;
            case "true and false":
                w.WriteBoolean("t"u8, true);
                w.WriteBoolean("f"u8, false);
                break;
            case "date before 1970":
                w.WriteDateTime("d"u8, DateTimeOffset.UnixEpoch.AddMilliseconds(-1));
                break;
            case "null":
                w.WriteNull("n"u8);
                break;
            case "int32":
                w.WriteInt32("i"u8, -2);
                break;
            case "int64":
                w.WriteInt64("l"u8, long.MaxValue);
                break;
            case "name as a string":
                w.WriteInt32("ä", 1);
                break;
            default:
                Assert.Equal("empty", what);
                break;
        }
    }
}
