namespace IotBus.MongoDb;

/// <summary>
/// Typed lookups. <c>Get…</c> throws <see cref="KeyNotFoundException"/> for a missing field; <c>TryGet…</c> returns false for a
/// missing field or a null. Both throw <see cref="BsonFormatException"/> for a value of another type; integers and doubles
/// are read as each other where nothing is lost.
/// </summary>
public readonly partial struct BsonDocument
{
    public double GetDouble(BsonName name) => this[name].AsDouble();

    public int GetInt32(BsonName name) => this[name].AsInt32();

    public long GetInt64(BsonName name) => this[name].AsInt64();

    public bool GetBoolean(BsonName name) => this[name].AsBoolean();

    public string GetString(BsonName name) => this[name].AsString();

    public Guid GetGuid(BsonName name) => this[name].AsGuid();

    public DateTimeOffset GetDateTime(BsonName name) => this[name].AsDateTime();

    public BsonDocument GetDocument(BsonName name) => this[name].AsDocument();

    /// <summary>The documents in an array.</summary>
    public IReadOnlyList<BsonDocument> GetDocuments(BsonName name)
    {
        var documents = new List<BsonDocument>();
        foreach (var element in GetDocument(name))
            documents.Add(element.Value.AsDocument());

        return documents;
    }

    public bool TryGetDouble(BsonName name, out double value)
    {
        var found = Find(name, out var any);
        value = found ? any.AsDouble() : 0;
        return found;
    }

    public bool TryGetInt32(BsonName name, out int value)
    {
        var found = Find(name, out var any);
        value = found ? any.AsInt32() : 0;
        return found;
    }

    public bool TryGetInt64(BsonName name, out long value)
    {
        var found = Find(name, out var any);
        value = found ? any.AsInt64() : 0;
        return found;
    }

    public bool TryGetBoolean(BsonName name, out bool value)
    {
        var found = Find(name, out var any);
        value = found && any.AsBoolean();
        return found;
    }

    public bool TryGetString(BsonName name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
    {
        var found = Find(name, out var any);
        value = found ? any.AsString() : null;
        return found;
    }

    public bool TryGetGuid(BsonName name, out Guid value)
    {
        var found = Find(name, out var any);
        value = found ? any.AsGuid() : default;
        return found;
    }

    public bool TryGetDateTime(BsonName name, out DateTimeOffset value)
    {
        var found = Find(name, out var any);
        value = found ? any.AsDateTime() : default;
        return found;
    }

    public bool TryGetDocument(BsonName name, out BsonDocument value)
    {
        var found = Find(name, out var any);
        value = found ? any.AsDocument() : default;
        return found;
    }

    private bool Find(BsonName name, out BsonValue value) => TryGetValue(name, out value) && !value.IsNull;
}
