namespace IotBus.MongoDb;

/// <summary>Writes the fields of a document that is open.</summary>
public delegate void BsonBuild(BsonWriter writer);

/// <summary>Makes documents where reading well matters more than speed: commands, filters, pipelines, options.</summary>
public static class Bson
{
    /// <summary>A document from fields: <c>Bson.Document(("_id", id), ("applied", Bson.Document(("$gt", 5L))))</c>.</summary>
    public static BsonDocument Document(params ReadOnlySpan<(string Name, BsonValue Value)> fields)
    {
        using var buffer = new BsonBuffer();
        var writer = new BsonWriter(buffer);
        writer.WriteStartDocument();
        foreach (var (name, value) in fields)
            writer.WriteValue(name, value.Type == 0 ? BsonValue.Null : value);

        writer.WriteEndDocument();
        return buffer.ToDocument();
    }

    /// <summary>A document whose fields are written: <c>Bson.Document(w => w.WriteString("type"u8, type))</c>.</summary>
    public static BsonDocument Document(BsonBuild write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using var buffer = new BsonBuffer();
        var writer = new BsonWriter(buffer);
        writer.WriteStartDocument();
        write(writer);
        writer.WriteEndDocument();
        return buffer.ToDocument();
    }

    /// <summary>An array of values.</summary>
    public static BsonValue Array(params ReadOnlySpan<BsonValue> values)
    {
        using var buffer = new BsonBuffer();
        var writer = new BsonWriter(buffer);
        writer.WriteStartDocument();
        writer.WriteStartArray("a"u8);
        foreach (var value in values)
            writer.WriteValue(value.Type == 0 ? BsonValue.Null : value);

        writer.WriteEndArray();
        writer.WriteEndDocument();
        return buffer.ToDocument()["a"];
    }

    /// <summary>An array of anything that becomes a value: <c>Bson.Array(ids.Select(id => (BsonValue)id))</c>.</summary>
    public static BsonValue Array(IEnumerable<BsonValue> values) => Array([.. values]);
}
