using System.Diagnostics.Metrics;
using IotBus.MongoDb;
using IotBus.Processors.Events;
using IotBus.Processors.Store;
using IotBus.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace IotBus.Processors.Tests;

/// <summary>A MongoDB for the tests of a class; each test has a database of its own in it.</summary>
public sealed class StoreFixture : IAsyncLifetime
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<MongoDatabase> _databases = [];

    // Fail points hit the clients of this name, so that tests on one server do not hit each other.
    private readonly string _appName = $"processors-{Guid.NewGuid():n}";
    private MongoServer? _server;
    private MongoClient? _client;

    public MongoClient Client => _client!;

    public string Uri => _server!.Uri;

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public async Task InitializeAsync()
    {
        _server = await MongoServer.StartAsync();
        _client = new MongoClient(new MongoClientOptions { Uri = _server.Uri, AppName = _appName });
    }

    public async Task DisposeAsync()
    {
        foreach (var database in _databases)
            await database.DropAsync();

        if (_client is not null)
            await _client.DisposeAsync();

        if (_server is not null)
            await _server.DisposeAsync();

        await _services.DisposeAsync();
    }

    /// <summary>An empty database, with the collections and indexes that the service makes at start.</summary>
    internal async Task<TestStore> CreateAsync(TimeProvider? time = null)
    {
        var database = Client.GetDatabase(_server!.UniqueDatabaseName("processors"));
        _databases.Add(database);
        var store = new TestStore(this, database, time ?? TimeProvider.System);
        await store.Setup().SetUpAsync(CancellationToken.None);
        return store;
    }

    /// <summary>Makes commands of this fixture's client fail, as many times as said.</summary>
    /// <param name="times">How often.</param>
    /// <param name="command">Which command.</param>
    /// <param name="how">The fail point's data: an error code, labels, a closed connection.</param>
    internal async Task FailAsync(int times, string command, params (string Name, BsonValue Value)[] how)
    {
        var data = Bson.Document([("failCommands", Bson.Array(command)), ("appName", _appName), .. how]);
        await Client.GetDatabase("admin").RunCommandAsync(
            Bson.Document(("configureFailPoint", "failCommand"), ("mode", Bson.Document(("times", times))), ("data", data)));
    }
}
