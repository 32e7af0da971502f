using System.Diagnostics.CodeAnalysis;
using IotBus.Testing;

namespace IotBus.MongoDb.Tests.Server;

/// <summary>A MongoDB server for all tests that need one, and databases of their own, which go when the tests have ended.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "xunit calls DisposeAsync of IAsyncLifetime.")]
public sealed class StoreFixture : IAsyncLifetime
{
    private readonly List<MongoDatabase> _databases = [];
    private MongoServer? _server;
    private MongoClient? _client;

    public MongoClient Client => _client ?? throw new InvalidOperationException("The server was not started.");

    public string Uri => _server?.Uri ?? throw new InvalidOperationException("The server was not started.");

    public async Task InitializeAsync()
    {
        _server = await MongoServer.StartAsync();
        _client = new MongoClient(new MongoClientOptions { Uri = _server.Uri, AppName = "tests" });
    }

    /// <summary>A database that no other test uses.</summary>
    public MongoDatabase NewDatabase()
    {
        var database = Client.GetDatabase(_server!.UniqueDatabaseName("mongodb"));
        _databases.Add(database);
        return database;
    }

    /// <summary>A client that a fail point can be set for alone.</summary>
    public MongoClient NewClient(string appName, Func<MongoClientOptions, MongoClientOptions>? change = null)
    {
        var options = new MongoClientOptions { Uri = Uri, AppName = appName };
        return new MongoClient(change is null ? options : change(options));
    }

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
