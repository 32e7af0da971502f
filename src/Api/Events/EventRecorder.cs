using IotBus.Api.Problems;
using IotBus.Api.Producing;
using IotBus.Kafka;
using IotBus.Messages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IotBus.Api.Events;

/// <summary>Records single events. An answer of 200 is a promise: the event is on all in-sync replicas.</summary>
internal sealed class EventRecorder(EventProducer producer, IngestionMetrics metrics)
{
    public async Task<Results<Ok<EventRecorded<TEvent>>, ProblemHttpResult>> RecordAsync<TEvent>(HttpContext context, string status, TEvent sensorEvent)
        where TEvent : SensorEvent
    {
        try
        {
            // Not cancelled when the client goes: the event is on its way already, and what becomes of it is counted.
            await producer.ProduceAsync(sensorEvent);
        }
        catch (TopicProduceException exception)
        {
            return Refuse(context, sensorEvent.EventId, exception.Failure);
        }

        metrics.Accepted(sensorEvent.Type);
        return TypedResults.Ok(new EventRecorded<TEvent>(status, sensorEvent));
    }

    private ProblemHttpResult Refuse(HttpContext context, Guid eventId, ProduceFailure failure)
    {
        var refusal = ProduceRefusal.Of(failure);
        metrics.Rejected(refusal.Reason);
        if (refusal.RetryAfter is { } delay)
            Problem.RetryAfter(context, delay);

        return Problem.Of(refusal.Status, refusal.Error, new Dictionary<string, object?> { ["event_id"] = eventId });
    }
}
