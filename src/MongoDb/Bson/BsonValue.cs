namespace IotBus.MongoDb;

/// <summary>A value of any type: what a lookup found, or what a filter asks for. For the places where speed does not matter.</summary>
/// <param name="type">Its type.</param>
/// <param name="data">Its bytes, without type and name.</param>
public readonly struct BsonValue(BsonType type, ReadOnlyMemory<byte> data)
{
    public BsonType Type { get; } = type;

    public ReadOnlyMemory<byte> Data { get; } = data;

    public bool IsNull => Type is BsonType.Null or BsonType.Undefined or 0;

    public static BsonValue Null => new(BsonType.Null, default);

    public static implicit operator BsonValue(int value) => FromInt32(value);

    public static implicit operator BsonValue(long value) => FromInt64(value);

    public static implicit operator BsonValue(double value) => FromDouble(value);

    public static implicit operator BsonValue(bool value) => FromBoolean(value);

    public static implicit operator BsonValue(string? value) => FromString(value);

    public static implicit operator BsonValue(Guid value) => FromGuid(value);

    public static implicit operator BsonValue(DateTimeOffset value) => FromDateTimeOffset(value);

    public static implicit operator BsonValue(BsonDocument value) => FromBsonDocument(value);

    public static BsonValue FromInt32(int value) => Make(w => w.WriteInt32(value));

    public static BsonValue FromInt64(long value) => Make(w => w.WriteInt64(value));

    public static BsonValue FromDouble(double value) => Make(w => w.WriteDouble(value));

    public static BsonValue FromBoolean(bool value) => Make(w => w.WriteBoolean(value));

    public static BsonValue FromString(string? value) => value is null ? Null : Make(w => w.WriteString(value));

    public static BsonValue FromGuid(Guid value) => Make(w => w.WriteGuid(value));

    public static BsonValue FromDateTimeOffset(DateTimeOffset value) => Make(w => w.WriteDateTime(value));

    public static BsonValue FromBsonDocument(BsonDocument value) => new(BsonType.Document, value.Memory);

    public double AsDouble() => BsonScalar.Double(Type, Data.Span);

    public int AsInt32() => BsonScalar.Int32(Type, Data.Span);

    public long AsInt64() => BsonScalar.Int64(Type, Data.Span);

    public bool AsBoolean() => BsonScalar.Boolean(Type, Data.Span);

    public string AsString() => BsonScalar.Name(BsonScalar.StringBytes(Type, Data.Span));

    public Guid AsGuid() => BsonScalar.Guid(Type, Data.Span);

    public DateTimeOffset AsDateTime() => BsonScalar.DateTime(Type, Data.Span);

    public BsonDocument AsDocument()
    {
        BsonScalar.RequireDocument(Type);
        return new BsonDocument(Data);
    }

    public override string ToString() => BsonJson.Write(this);

    private static BsonValue Make(BsonBuild write)
    {
        using var buffer = new BsonBuffer();
        var writer = new BsonWriter(buffer);
        writer.WriteStartDocument();
        writer.WriteStartArray("a"u8);
        var start = buffer.Length;
        write(writer);
        var element = buffer.WrittenSpan[start..];
        return new BsonValue((BsonType)element[0], element[3..].ToArray());
    }
}
