using IotBus.MongoDb;

namespace IotBus.Reporting.Tests.Fleet;

internal static class Fields
{
    /// <summary>A document of the fields that are not null: what is not known is absent.</summary>
    public static BsonDocument Document(params ReadOnlySpan<(string Name, BsonValue Value)> fields)
    {
        var known = new List<(string, BsonValue)>();
        foreach (var field in fields)
        {
            if (!field.Value.IsNull)
                known.Add(field);
        }

        return Bson.Document([.. known]);
    }
}
