using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>Asks once a second for the ends of an endpoint's partitions, while someone reads the lag.</summary>
internal sealed partial class LagMonitor : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly TopicEndpoint _endpoint;
    private readonly PeriodicTimer _timer = new(Interval);

    public LagMonitor(TopicEndpoint endpoint)
    {
        _endpoint = endpoint;
        _ = Task.Run(RunAsync);
    }

    public void Dispose() => _timer.Dispose();

    private async Task RunAsync()
    {
        while (await _timer.WaitForNextTickAsync().ConfigureAwait(false))
        {
            if (!KafkaMetrics.LagIsRead || _endpoint.Session is not { } session)
                continue;

            try
            {
                await session.RefreshWatermarksAsync().ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // As a rule the broker is away, or the endpoint stops. The lag stays as it was last known.
                LogStale(_endpoint.Logger, _endpoint.Definition.Name, exception.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Endpoint}: the lag is not fresh: {Reason}")]
    private static partial void LogStale(ILogger logger, string endpoint, string reason);
}
