namespace IotBus.MongoDb.Tests.Documents;

/// <summary>Reads everything there is in a document, by every getter that fits.</summary>
internal static class BsonWalk
{
    public static int All(BsonReader reader)
    {
        var count = 0;
        while (reader.Read())
            count += reader.GetName().Length + Value(reader);

        return count;
    }

    private static int Value(BsonReader reader) => reader.Type switch
    {
        BsonType.Document or BsonType.Array => All(reader.GetDocument()),
        BsonType.Double or BsonType.Int32 or BsonType.Int64 => double.IsNaN(reader.GetDouble()) ? 0 : 1,
        BsonType.String or BsonType.Symbol or BsonType.JavaScript => reader.GetString().Length,
        BsonType.Boolean => reader.GetBoolean() ? 1 : 0,
        BsonType.DateTime => (int)(reader.GetUnixMilliseconds() & 1),
        BsonType.Binary => reader.GetBinary(out _).Length,
        BsonType.ObjectId => reader.GetObjectId().Length,
        _ => reader.Data.Length,
    };
}
