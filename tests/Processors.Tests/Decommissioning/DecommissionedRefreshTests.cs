using IotBus.Processors.Decommissioning;
using IotBus.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace IotBus.Processors.Tests.Decommissioning;

public sealed class DecommissionedRefreshTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Fact]
    public async Task Stopping_between_two_refreshes_is_no_failure()
    {
        var time = new ManualTime(Tests.Events.Noon);
        var store = await fixture.CreateAsync();
        using var setup = store.Setup();
        await setup.StartAsync(CancellationToken.None);
        using var refresh = new DecommissionedRefresh(
            store.Decommissioned, setup, Options.Create(new DecommissioningOptions()), time, NullLogger<DecommissionedRefresh>.Instance);
        await refresh.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => time.Waiting == 1);

        await refresh.StopAsync(CancellationToken.None);

        Assert.True(refresh.ExecuteTask!.IsCompletedSuccessfully);
    }
}
