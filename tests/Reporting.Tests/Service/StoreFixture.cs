using IotBus.MongoDb;
using IotBus.Reporting.Tests.Fleet;
using IotBus.Testing;

namespace IotBus.Reporting.Tests.Service;

/// <summary>A MongoDB, and the service over what a test writes to a database of its own, which is dropped in the end.</summary>
public sealed class StoreFixture : IAsyncLifetime
{
    private readonly List<MongoDatabase> _databases = [];
    private readonly Dictionary<object, ReportingHost> _shared = [];
    private MongoServer _server = null!;
    private MongoClient _client = null!;

    internal string Uri => _server.Uri;

    public async Task InitializeAsync()
    {
        _server = await MongoServer.StartAsync();
        _client = Connect(_server.Uri);
    }

    /// <summary>The service, at 2026-05-10T12:34:56Z, after these events.</summary>
    internal async Task<ReportingHost> StartAsync(params IReadOnlyCollection<FleetEvent> events) =>
        await ReportingHost.StartAsync(Uri, await SaveAsync(events), new StandingTime(PlantFleet.Now));

    /// <summary>The same for tests that only read: one service for all that name the same list of events. The fixture ends it.</summary>
    internal async Task<ReportingHost> SharedAsync(IReadOnlyCollection<FleetEvent> events)
    {
        if (!_shared.TryGetValue(events, out var host))
            _shared.Add(events, host = await StartAsync(events));

        return host;
    }

    /// <summary>Makes the server answer the next commands of the name with an error.</summary>
    internal Task FailAsync(string command, int code, int times) => _client.GetDatabase("admin").RunCommandAsync(Bson.Document(
        ("configureFailPoint", "failCommand"),
        ("mode", Bson.Document(("times", times))),
        ("data", Bson.Document(("failCommands", Bson.Array(command)), ("errorCode", code)))));

    /// <summary>A database that holds what follows from the events; nothing at all without events.</summary>
    internal async Task<string> SaveAsync(params IReadOnlyCollection<FleetEvent> events)
    {
        var database = _client.GetDatabase(_server.UniqueDatabaseName("reporting"));
        _databases.Add(database);
        if (events.Count > 0)
            await FleetStore.SaveAsync(database, events);

        return database.Name;
    }

    public async Task DisposeAsync()
    {
        foreach (var host in _shared.Values)
            await host.DisposeAsync();

        foreach (var database in _databases)
            await database.DropAsync();

        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static MongoClient Connect(string uri) => new(new MongoClientOptions { Uri = uri });
}
