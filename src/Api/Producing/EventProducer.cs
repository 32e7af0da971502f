using IotBus.Kafka;
using IotBus.Messages;

namespace IotBus.Api.Producing;

/// <summary>
/// Produces events to the topic of their type, under their device's key. Thread-safe; one device's events of a topic stay in the order of
/// the calls.
/// </summary>
internal sealed partial class EventProducer(IServiceScopeFactory scopes, ILogger<EventProducer> logger) : IDisposable
{
    // Producers are the same for the life of the bus, so one scope serves every request.
    private readonly IServiceScope _scope = scopes.CreateScope();
    private ITopicProducer<string, SensorEvent>? _telemetry;
    private ITopicProducer<string, AlertRaised>? _alerts;

    /// <summary>
    /// The task ends when all in-sync replicas have acknowledged the event. Nothing is thrown but through the task: whatever went wrong,
    /// the device must be told to send again, and the cause is for the log.
    /// </summary>
    public Task ProduceAsync(SensorEvent sensorEvent)
    {
        try
        {
            return Produce(sensorEvent);
        }
        catch (Exception exception)
        {
            Unexpected(logger, sensorEvent.EventId, exception);
            return Task.FromException(new TopicProduceException(
                TopicOf(sensorEvent), ProduceFailure.NotAcknowledged, "The event could not be handed to Kafka.", exception));
        }
    }

    public void Dispose() => _scope.Dispose();

    private static string TopicOf(SensorEvent sensorEvent) => sensorEvent is AlertRaised ? Topics.Alerts : Topics.Telemetry;

    private Task Produce(SensorEvent sensorEvent)
    {
        if (sensorEvent is AlertRaised alert)
        {
            _alerts ??= _scope.ServiceProvider.GetRequiredService<ITopicProducer<string, AlertRaised>>();
            return _alerts.Produce(alert.DeviceId, alert);
        }

        _telemetry ??= _scope.ServiceProvider.GetRequiredService<ITopicProducer<string, SensorEvent>>();
        return _telemetry.Produce(sensorEvent.DeviceId, sensorEvent);
    }

    [LoggerMessage(LogLevel.Error, "The event {EventId} could not be handed to Kafka.")]
    private static partial void Unexpected(ILogger logger, Guid eventId, Exception exception);
}
