using IotBus.Reporting.Tests.Fleet;
using IotBus.Testing;

namespace IotBus.Reporting.Tests.Service;

/// <summary>A MongoDB, and the service over whatever a test writes to a database of its own.</summary>
public sealed class StoreFixture : IAsyncLifetime
{
    private MongoServer _server = null!;

    internal MongoServer Server => _server;

    public async Task InitializeAsync() => _server = await MongoServer.StartAsync();

    internal async Task<ReportingHost> StartAsync(params FleetEvent[] events)
    {
        var database = _server.NewDatabase();
        if (events.Length > 0)
            await FleetStore.SaveAsync(database, events);

        return await ReportingHost.StartAsync(_server.Uri, database.Name, new StandingTime(PlantFleet.Now));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();
}
