using System.Diagnostics.CodeAnalysis;
using IotBus.MongoDb;
using IotBus.Testing;

namespace IotBus.Persistence.Tests;

/// <summary>A MongoDB server for all tests, and databases of their own, which go when the tests have ended.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "xunit calls DisposeAsync of IAsyncLifetime.")]
public sealed class StoreFixture : IAsyncLifetime
{
    private readonly List<MongoDatabase> _databases = [];
    private MongoServer? _server;
    private MongoClient? _client;

    public string Uri => _server!.Uri;

    public bool IsReal => _server!.IsReal;

    public async Task InitializeAsync()
    {
        _server = await MongoServer.StartAsync();
        _client = new MongoClient(new MongoClientOptions { Uri = _server.Uri, AppName = "persistence-tests" });
    }

    /// <summary>A database that no other test uses.</summary>
    public MongoDatabase NewDatabase()
    {
        var database = _client!.GetDatabase(_server!.UniqueDatabaseName("persistence"));
        _databases.Add(database);
        return database;
    }

    /// <summary>Lets commands of the clients of one name fail.</summary>
    internal Task<FailPoint> FailAsync(string appName, int times, BsonDocument failure) => FailPoint.SetAsync(_client!, appName, times, failure);

    public async Task DisposeAsync()
    {
        foreach (var database in _databases)
            await database.DropAsync();

        if (_client is not null)
            await _client.DisposeAsync();

        if (_server is not null)
            await _server.DisposeAsync();
    }
}

/// <summary>The tests that share the server.</summary>
[CollectionDefinition(Name)]
public sealed class StoreSuite : ICollectionFixture<StoreFixture>
{
    public const string Name = "store";
}
