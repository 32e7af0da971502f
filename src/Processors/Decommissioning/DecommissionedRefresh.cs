using IotBus.MongoDb;
using IotBus.Processors.Store;
using Microsoft.Extensions.Options;

namespace IotBus.Processors.Decommissioning;

/// <summary>Refreshes what is known of devices that are out of service, so that no batch has to wait for it.</summary>
internal sealed partial class DecommissionedRefresh(
    DecommissionedDevices devices, StoreSetup setup, IOptions<DecommissioningOptions> options, TimeProvider time, ILogger<DecommissionedRefresh> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RefreshForEverAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // It is stopped, while it waited or asked.
        }
    }

    private async Task RefreshForEverAsync(CancellationToken stoppingToken)
    {
        await setup.Ready.WaitAsync(stoppingToken).ConfigureAwait(false);
        var interval = options.Value.Staleness / 2;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await devices.RefreshAsync(interval / 2, stoppingToken).ConfigureAwait(false);
            }
            catch (MongoException exception)
            {
                // A batch that needs it asks itself, and waits for the store as for everything else.
                LogFailed(exception.Message);
            }

            await Task.Delay(interval, time, stoppingToken).ConfigureAwait(false);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Which devices are out of service could not be read: {Reason}")]
    private partial void LogFailed(string reason);
}
