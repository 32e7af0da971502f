using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace IotBus.MongoDb;

/// <summary>
/// Writes BSON into a <see cref="BsonBuffer"/>. It is a handle, so copies of it write on at the same place. Inside a document
/// every value has a name, inside an array none. A NUL in a name, a nesting deeper than 100 and a document over 16 MiB are refused.
/// </summary>
/// <exception cref="InvalidOperationException">A name is missing, or given where none belongs; more was closed than opened.</exception>
/// <exception cref="ArgumentException">A name contains NUL.</exception>
/// <exception cref="BsonFormatException">A bound is exceeded, or bytes are not UTF-8 or BSON.</exception>
public readonly ref partial struct BsonWriter(BsonBuffer buffer)
{
    /// <summary>The subtype of a UUID in RFC 9562 byte order.</summary>
    internal const byte UuidSubtype = 4;

    private const int StringOverhead = 5;
    private const int UuidLength = 16;
    private const int ObjectIdLength = 12;

    private readonly BsonBuffer _buffer = buffer;

    /// <summary>Opens a document: a new one in the buffer, or the next of the open array.</summary>
    public void WriteStartDocument()
    {
        if (_buffer.Depth > 0)
            _buffer.Element(BsonType.Document, 0);

        _buffer.Open(isArray: false);
    }

    public void WriteStartDocument(BsonName name)
    {
        _buffer.Element(BsonType.Document, name, 0);
        _buffer.Open(isArray: false);
    }

    public void WriteEndDocument() => _buffer.Close(isArray: false);

    public void WriteStartArray(BsonName name)
    {
        _buffer.Element(BsonType.Array, name, 0);
        _buffer.Open(isArray: true);
    }

    public void WriteEndArray() => _buffer.Close(isArray: true);

    public void WriteDouble(BsonName name, double value) =>
        BinaryPrimitives.WriteDoubleLittleEndian(_buffer.Element(BsonType.Double, name, sizeof(double)), value);

    public void WriteInt32(BsonName name, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.Element(BsonType.Int32, name, sizeof(int)), value);

    public void WriteInt64(BsonName name, long value) =>
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.Element(BsonType.Int64, name, sizeof(long)), value);

    public void WriteBoolean(BsonName name, bool value) =>
        _buffer.Element(BsonType.Boolean, name, 1)[0] = value ? (byte)1 : (byte)0;

    public void WriteNull(BsonName name) => _buffer.Element(BsonType.Null, name, 0);

    /// <summary>Writes an instant, to the millisecond.</summary>
    public void WriteDateTime(BsonName name, DateTimeOffset value) => WriteDateTime(name, value.ToUnixTimeMilliseconds());

    /// <summary>Writes an instant as milliseconds since 1970-01-01T00:00:00Z.</summary>
    public void WriteDateTime(BsonName name, long unixMilliseconds) =>
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.Element(BsonType.DateTime, name, sizeof(long)), unixMilliseconds);

    public void WriteString(BsonName name, ReadOnlySpan<char> value)
    {
        var room = Encoding.UTF8.GetMaxByteCount(value.Length);
        FillString(_buffer.Element(BsonType.String, name, room + StringOverhead), value);
    }

    public void WriteString(BsonName name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        WriteString(name, value.AsSpan());
    }

    /// <summary>Writes a string that is UTF-8 already.</summary>
    public void WriteString(BsonName name, ReadOnlySpan<byte> utf8)
    {
        RequireUtf8(utf8);
        FillString(_buffer.Element(BsonType.String, name, utf8.Length + StringOverhead), utf8);
    }

    /// <summary>Writes a UUID as binary of subtype 4, in the byte order of RFC 9562.</summary>
    public void WriteGuid(BsonName name, Guid value) =>
        FillGuid(_buffer.Element(BsonType.Binary, name, StringOverhead + UuidLength), value);

    public void WriteBinary(BsonName name, ReadOnlySpan<byte> value, byte subtype = 0) =>
        FillBinary(_buffer.Element(BsonType.Binary, name, StringOverhead + value.Length), value, subtype);

    /// <summary>Writes the 12 bytes of an ObjectId.</summary>
    public void WriteObjectId(BsonName name, ReadOnlySpan<byte> value)
    {
        RequireObjectId(value);
        value.CopyTo(_buffer.Element(BsonType.ObjectId, name, ObjectIdLength));
    }

    /// <summary>Copies a whole document into a field.</summary>
    public void WriteDocument(BsonName name, BsonDocument value) =>
        value.Span.CopyTo(_buffer.Element(BsonType.Document, name, value.Span.Length));

    /// <summary>Copies documents into an array.</summary>
    public void WriteArray(BsonName name, IReadOnlyList<BsonDocument> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        WriteStartArray(name);
        for (var i = 0; i < values.Count; i++)
            WriteDocument(values[i]);

        WriteEndArray();
    }

    /// <summary>Copies a value of any type.</summary>
    public void WriteValue(BsonName name, BsonValue value) =>
        value.Data.Span.CopyTo(_buffer.Element(value.Type, name, value.Data.Length));

    private static void RequireUtf8(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
            throw new BsonFormatException("A string is not valid UTF-8.");
    }

    private static void RequireObjectId(ReadOnlySpan<byte> value)
    {
        if (value.Length != ObjectIdLength)
            throw new BsonFormatException("An ObjectId has 12 bytes.");
    }

    private static void FillGuid(Span<byte> target, Guid value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, UuidLength);
        target[4] = UuidSubtype;
        value.TryWriteBytes(target[5..], bigEndian: true, out _);
    }

    private static void FillBinary(Span<byte> target, ReadOnlySpan<byte> value, byte subtype)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, value.Length);
        target[4] = subtype;
        value.CopyTo(target[5..]);
    }

    private static void FillString(Span<byte> target, ReadOnlySpan<byte> utf8)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, utf8.Length + 1);
        utf8.CopyTo(target[4..]);
        target[utf8.Length + 4] = 0;
    }

    private void FillString(Span<byte> target, ReadOnlySpan<char> value)
    {
        var written = Encoding.UTF8.GetBytes(value, target[4..]);
        BinaryPrimitives.WriteInt32LittleEndian(target, written + 1);
        target[written + 4] = 0;
        _buffer.Shrink(target.Length - written - StringOverhead);
    }
}
