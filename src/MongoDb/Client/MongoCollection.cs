using IotBus.MongoDb.Lanes;

namespace IotBus.MongoDb;

/// <summary>A collection of a database. Thread-safe; costs nothing to make.</summary>
/// <exception cref="MongoException">Any operation: the server refused it or could not be asked.</exception>
public sealed partial class MongoCollection
{
    internal MongoCollection(MongoDatabase database, string name)
    {
        MongoNames.RequireCollection(name);
        Database = database;
        Name = name;
    }

    public MongoDatabase Database { get; }

    public string Name { get; }

    private LanePool Lanes => Database.Client.Lanes;
}
