using System.Buffers.Binary;
using System.Text;

namespace IotBus.MongoDb;

/// <summary>The values of an array: they have no name, their index is written for them.</summary>
public readonly ref partial struct BsonWriter
{
    public void WriteStartArray()
    {
        _buffer.Element(BsonType.Array, 0);
        _buffer.Open(isArray: true);
    }

    public void WriteDouble(double value) =>
        BinaryPrimitives.WriteDoubleLittleEndian(_buffer.Element(BsonType.Double, sizeof(double)), value);

    public void WriteInt32(int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.Element(BsonType.Int32, sizeof(int)), value);

    public void WriteInt64(long value) =>
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.Element(BsonType.Int64, sizeof(long)), value);

    public void WriteBoolean(bool value) =>
        _buffer.Element(BsonType.Boolean, 1)[0] = value ? (byte)1 : (byte)0;

    public void WriteNull() => _buffer.Element(BsonType.Null, 0);

    public void WriteDateTime(DateTimeOffset value) =>
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.Element(BsonType.DateTime, sizeof(long)), value.ToUnixTimeMilliseconds());

    public void WriteString(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var room = Encoding.UTF8.GetMaxByteCount(value.Length);
        FillString(_buffer.Element(BsonType.String, room + StringOverhead), value.AsSpan());
    }

    public void WriteString(ReadOnlySpan<byte> utf8)
    {
        RequireUtf8(utf8);
        FillString(_buffer.Element(BsonType.String, utf8.Length + StringOverhead), utf8);
    }

    public void WriteGuid(Guid value) => FillGuid(_buffer.Element(BsonType.Binary, StringOverhead + UuidLength), value);

    public void WriteBinary(ReadOnlySpan<byte> value, byte subtype = 0) =>
        FillBinary(_buffer.Element(BsonType.Binary, StringOverhead + value.Length), value, subtype);

    public void WriteObjectId(ReadOnlySpan<byte> value)
    {
        RequireObjectId(value);
        value.CopyTo(_buffer.Element(BsonType.ObjectId, ObjectIdLength));
    }

    /// <summary>Copies a whole document: into the open array, or as the next document of the buffer.</summary>
    public void WriteDocument(BsonDocument value) => WriteWholeDocument(value.Span);

    public void WriteValue(BsonValue value) =>
        value.Data.Span.CopyTo(_buffer.Element(value.Type, value.Data.Length));

    internal void WriteWholeDocument(ReadOnlySpan<byte> document)
    {
        if (_buffer.Depth > 0)
        {
            document.CopyTo(_buffer.Element(BsonType.Document, document.Length));
            return;
        }

        document.CopyTo(_buffer.GetSpan(document.Length));
        _buffer.Advance(document.Length);
    }
}
