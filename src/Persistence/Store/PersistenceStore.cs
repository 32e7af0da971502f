using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>
/// The database that holds it all. The client is closed with the container if it was made from a connection string here, and left alone if it
/// was given.
/// </summary>
internal sealed class PersistenceStore : IAsyncDisposable
{
    private readonly MongoClient? _owned;

    public PersistenceStore(MongoDatabase database) => Database = database;

    public PersistenceStore(string uri, string? databaseName)
    {
        _owned = new MongoClient(new MongoClientOptions { Uri = uri });
        Database = _owned.GetDatabase(databaseName ?? _owned.DefaultDatabaseName ?? "iotbus");
    }

    public MongoDatabase Database { get; }

    public ValueTask DisposeAsync() => _owned?.DisposeAsync() ?? ValueTask.CompletedTask;
}
