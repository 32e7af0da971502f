using IotBus.Reporting.Tests.Fleet;

namespace IotBus.Reporting.Tests.Service;

/// <summary>The service over a plant's ten days. Its tests only read.</summary>
public sealed class PlantFixture : IAsyncLifetime
{
    private readonly StoreFixture _store = new();
    private ReportingHost _host = null!;

    internal ReportingHost Host => _host;

    public async Task InitializeAsync()
    {
        await _store.InitializeAsync();
        _host = await _store.StartAsync(PlantFleet.Events);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _store.DisposeAsync();
    }
}
