using IotBus.MongoDb;
using IotBus.Reporting.Tests.Fleet;
using IotBus.Testing;

namespace IotBus.Reporting.Tests.Service;

/// <summary>The service over a plant's ten days. Its tests only read.</summary>
public sealed class PlantFixture : IAsyncLifetime
{
    private MongoServer _server = null!;
    private ReportingHost _host = null!;

    internal ReportingHost Host => _host;

    public async Task InitializeAsync()
    {
        _server = await MongoServer.StartAsync();
        var database = _server.NewDatabase();
        await FleetStore.SaveAsync(database, PlantFleet.Events);
        _host = await ReportingHost.StartAsync(_server.Uri, database.Name, new StandingTime(PlantFleet.Now));
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _server.DisposeAsync();
    }
}
