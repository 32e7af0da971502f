using System.Diagnostics.CodeAnalysis;
using IotBus.MongoDb;
using IotBus.Testing;

namespace IotBus.Bus.Tests;

/// <summary>A store and a RabbitMQ for all tests: a node takes some time to start.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "xunit calls DisposeAsync of IAsyncLifetime.")]
public sealed class Servers : IAsyncLifetime
{
    private readonly List<MongoDatabase> _databases = [];
    private MongoServer? _mongo;
    private MongoClient? _client;
    private RabbitMqServer? _rabbit;

    public RabbitMqServer Rabbit => _rabbit!;

    public async Task InitializeAsync()
    {
        // Without it the tests are skipped.
        if (RabbitMqServer.WhyNot is not null)
            return;

        _mongo = await MongoServer.StartAsync();
        _client = new MongoClient(new MongoClientOptions { Uri = _mongo.Uri, AppName = "bus-tests" });
        _rabbit = await RabbitMqServer.StartAsync();
    }

    public MongoDatabase NewDatabase()
    {
        var database = _client!.GetDatabase(_mongo!.UniqueDatabaseName("bus"));
        _databases.Add(database);
        return database;
    }

    public async Task DisposeAsync()
    {
        foreach (var database in _databases)
            await database.DropAsync();

        if (_rabbit is not null)
            await _rabbit.DisposeAsync();

        if (_client is not null)
            await _client.DisposeAsync();

        if (_mongo is not null)
            await _mongo.DisposeAsync();
    }
}

/// <summary>The tests that share the servers.</summary>
[CollectionDefinition(Name)]
public sealed class ServersSuite : ICollectionFixture<Servers>
{
    public const string Name = "servers";
}
