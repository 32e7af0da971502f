namespace IotBus.MongoDb;

/// <summary>
/// Reads a document's elements forward, without copying. Every length is checked against the bytes that are there; values of
/// types that have no getter are skipped by not asking for them.
/// </summary>
/// <remarks>
/// <code>
/// var reader = new BsonReader(bytes);
/// while (reader.Read())
///     if (reader.Name.SequenceEqual("temperature"u8))
///         temperature = reader.GetDouble();
/// </code>
/// </remarks>
/// <exception cref="BsonFormatException">The bytes are malformed, too large (16 MiB) or nested too deep (100), or a value is of another type.</exception>
public ref struct BsonReader
{
    private readonly int _depth;
    private ReadOnlySpan<byte> _rest;
    private ReadOnlySpan<byte> _name;
    private ReadOnlySpan<byte> _data;

    /// <param name="document">Exactly one document, from its length to its final NUL.</param>
    public BsonReader(ReadOnlySpan<byte> document)
        : this(document, 1)
    {
    }

    private BsonReader(ReadOnlySpan<byte> document, int depth)
    {
        if (depth > BsonLimits.MaxDepth)
            throw new BsonFormatException($"Documents are nested deeper than {BsonLimits.MaxDepth}.");

        _rest = BsonLayout.Elements(document);
        _depth = depth;
    }

    /// <summary>The type of the current value.</summary>
    public BsonType Type { get; private set; }

    /// <summary>The current field's name in UTF-8, or an array's index in digits.</summary>
    public readonly ReadOnlySpan<byte> Name => _name;

    /// <summary>The bytes of the current value.</summary>
    public readonly ReadOnlySpan<byte> Data => _data;

    public readonly bool IsNull => Type is BsonType.Null or BsonType.Undefined;

    /// <summary>Goes to the next element, or tells that there is none.</summary>
    public bool Read()
    {
        if (_rest.IsEmpty)
            return false;

        var type = (BsonType)_rest[0];
        var nameEnd = BsonLayout.NameEnd(_rest);
        var value = _rest[(nameEnd + 1)..];
        var length = BsonLayout.ValueLength(type, value);

        Type = type;
        _name = _rest[1..nameEnd];
        _data = value[..length];
        _rest = value[length..];
        return true;
    }

    public readonly string GetName() => BsonScalar.Name(_name);

    /// <summary>The current number as a double.</summary>
    public readonly double GetDouble() => BsonScalar.Double(Type, _data);

    public readonly int GetInt32() => BsonScalar.Int32(Type, _data);

    public readonly long GetInt64() => BsonScalar.Int64(Type, _data);

    public readonly bool GetBoolean() => BsonScalar.Boolean(Type, _data);

    public readonly string GetString() => BsonScalar.Name(BsonScalar.StringBytes(Type, _data));

    /// <summary>The current string's bytes, not checked to be UTF-8.</summary>
    public readonly ReadOnlySpan<byte> GetStringBytes() => BsonScalar.StringBytes(Type, _data);

    public readonly DateTimeOffset GetDateTime() => BsonScalar.DateTime(Type, _data);

    public readonly long GetUnixMilliseconds() => BsonScalar.UnixMilliseconds(Type, _data);

    /// <summary>The current UUID: binary of subtype 4.</summary>
    public readonly Guid GetGuid() => BsonScalar.Guid(Type, _data);

    public readonly ReadOnlySpan<byte> GetBinary(out byte subtype) => BsonScalar.Binary(Type, _data, out subtype);

    public readonly ReadOnlySpan<byte> GetObjectId() => BsonScalar.ObjectId(Type, _data);

    /// <summary>A reader of the current document or array.</summary>
    public readonly BsonReader GetDocument()
    {
        BsonScalar.RequireDocument(Type);
        return new BsonReader(_data, _depth + 1);
    }
}
