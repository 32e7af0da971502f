using System.Diagnostics.CodeAnalysis;
using IotBus.MongoDb;
using IotBus.Testing;

namespace IotBus.KillMatrix;

/// <summary>A broker and a store which outlive the hosts that are killed.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "xunit calls DisposeAsync of IAsyncLifetime.")]
public sealed class Servers : IAsyncLifetime
{
    private readonly List<MongoDatabase> _databases = [];
    private MongoServer? _mongo;
    private KafkaServer? _kafka;
    private MongoClient? _client;

    public string MongoDb => _mongo!.Uri;

    internal KafkaServer Kafka => _kafka!;

    public async Task InitializeAsync()
    {
        _mongo = await MongoServer.StartAsync();
        _kafka = await KafkaServer.StartAsync();
        _client = new MongoClient(new MongoClientOptions { Uri = _mongo.Uri, AppName = "kill-matrix" });
    }

    /// <summary>A database that no other round uses.</summary>
    public MongoDatabase NewDatabase()
    {
        var database = _client!.GetDatabase(_mongo!.UniqueDatabaseName("kills"));
        _databases.Add(database);
        return database;
    }

    public async Task DisposeAsync()
    {
        foreach (var database in _databases)
            await database.DropAsync();

        if (_client is not null)
            await _client.DisposeAsync();

        if (_kafka is not null)
            await _kafka.DisposeAsync();

        if (_mongo is not null)
            await _mongo.DisposeAsync();
    }
}
