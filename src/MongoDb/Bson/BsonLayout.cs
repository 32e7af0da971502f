using System.Buffers.Binary;

namespace IotBus.MongoDb;

/// <summary>Where things are in BSON bytes. The only place that trusts a length, after it was checked against what is there.</summary>
internal static class BsonLayout
{
    /// <summary>Checks a document's length and end, and returns the bytes of its elements.</summary>
    public static ReadOnlySpan<byte> Elements(ReadOnlySpan<byte> document)
    {
        if (document.Length < BsonLimits.MinDocument)
            throw new BsonFormatException($"A document has at least {BsonLimits.MinDocument} bytes; here are {document.Length}.");

        var length = BinaryPrimitives.ReadInt32LittleEndian(document);
        if (length > BsonLimits.MaxDocument)
            throw new BsonFormatException($"A document says it has {length} bytes; the bound is {BsonLimits.MaxDocument}.");

        if (length != document.Length)
            throw new BsonFormatException($"A document says it has {length} bytes; here are {document.Length}.");

        if (document[^1] != 0)
            throw new BsonFormatException("A document does not end with NUL.");

        return document[sizeof(int)..^1];
    }

    /// <summary>Where the name of the element at the start of <paramref name="elements"/> ends: the position of its NUL.</summary>
    public static int NameEnd(ReadOnlySpan<byte> elements)
    {
        var length = elements[1..].IndexOf((byte)0);
        return length >= 0 ? length + 1 : throw new BsonFormatException("A field's name does not end.");
    }

    /// <summary>How many bytes the value at the start of <paramref name="bytes"/> takes.</summary>
    public static int ValueLength(BsonType type, ReadOnlySpan<byte> bytes)
    {
        var length = type switch
        {
            BsonType.Double or BsonType.DateTime or BsonType.Int64 or BsonType.Timestamp => 8,
            BsonType.Int32 => 4,
            BsonType.Boolean => 1,
            BsonType.Null or BsonType.Undefined or BsonType.MinKey or BsonType.MaxKey => 0,
            BsonType.ObjectId => 12,
            BsonType.Decimal128 => 16,
            BsonType.String or BsonType.JavaScript or BsonType.Symbol => StringLength(bytes),
            BsonType.Document or BsonType.Array => DocumentLength(bytes),
            BsonType.Binary => BinaryLength(bytes),
            BsonType.RegularExpression => RegularExpressionLength(bytes),
            BsonType.DbPointer => StringLength(bytes) + 12,
            BsonType.JavaScriptWithScope => CodeWithScopeLength(bytes),
            _ => throw new BsonFormatException($"There is no BSON type 0x{(byte)type:X2}."),
        };
        return length <= bytes.Length ? length : throw Truncated();
    }

    private static int Prefix(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : throw Truncated();

    private static int StringLength(ReadOnlySpan<byte> bytes)
    {
        var length = Prefix(bytes);
        if (length < 1 || length > bytes.Length - sizeof(int))
            throw Truncated();

        return bytes[length + sizeof(int) - 1] == 0 ? length + sizeof(int) : throw new BsonFormatException("A string does not end with NUL.");
    }

    private static int DocumentLength(ReadOnlySpan<byte> bytes)
    {
        var length = Prefix(bytes);
        return length >= BsonLimits.MinDocument ? length : throw new BsonFormatException("An embedded document is too short.");
    }

    private static int BinaryLength(ReadOnlySpan<byte> bytes)
    {
        const int overhead = sizeof(int) + 1;
        var length = Prefix(bytes);
        return length >= 0 && length <= bytes.Length - overhead ? length + overhead : throw Truncated();
    }

    private static int RegularExpressionLength(ReadOnlySpan<byte> bytes)
    {
        var pattern = bytes.IndexOf((byte)0) + 1;
        var options = bytes[pattern..].IndexOf((byte)0) + 1;
        return pattern > 0 && options > 0 ? pattern + options : throw Truncated();
    }

    private static int CodeWithScopeLength(ReadOnlySpan<byte> bytes)
    {
        const int least = sizeof(int) + sizeof(int) + 1 + BsonLimits.MinDocument;
        var length = Prefix(bytes);
        return length >= least ? length : throw new BsonFormatException("Code with scope is too short.");
    }

    private static BsonFormatException Truncated() => new("A value does not fit into its document.");
}
