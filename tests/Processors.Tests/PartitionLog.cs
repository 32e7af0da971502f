using IotBus.Kafka;
using IotBus.Messages;

namespace IotBus.Processors.Tests;

/// <summary>A partition as Kafka keeps it: what was appended can be delivered again and again, by any assignment, in any cut.</summary>
internal sealed class PartitionLog(string topic = Topics.Telemetry, int partition = 0, string? topicId = "topic-1")
{
    private readonly List<SensorEvent> _events = [];

    /// <summary>What was sent to the dead-letter topic, with the reason.</summary>
    public List<(SensorEvent Event, string Reason)> DeadLetters { get; } = [];

    /// <summary>What producing a dead letter throws, if anything.</summary>
    public Exception? DeadLetterFailure { get; set; }

    public int End => _events.Count;

    public IReadOnlyList<SensorEvent> Events => _events;

    public IEnumerable<Guid> Ids() => _events.Select(sensorEvent => sensorEvent.EventId);

    public PartitionLog Append(params SensorEvent[] events)
    {
        _events.AddRange(events);
        return this;
    }

    public TopicAssignment Assign(CancellationToken lost = default) => new()
    {
        Topic = topic,
        Partition = partition,
        TopicId = topicId,
        EndOffset = _events.Count,
        EndOffsetQuery = _ => Task.FromResult((long)_events.Count),
        SessionTimeout = TimeSpan.FromSeconds(40),
        Lost = lost,
    };

    public TopicBatch<SensorEvent> Batch(TopicAssignment assignment, int first = 0, int? last = null)
    {
        var end = last ?? _events.Count - 1;
        var messages = new List<TopicMessage<SensorEvent>>();
        for (var offset = first; offset <= end; offset++)
            messages.Add(new TopicMessage<SensorEvent>(_events[offset], _events[offset].EventId, offset, Tests.Events.Noon.AddHours(1)));

        return new TopicBatch<SensorEvent>(assignment, first, end, messages, DeadLetterAsync);
    }

    private Task DeadLetterAsync(TopicMessage<SensorEvent> message, string reason, Exception? exception, CancellationToken cancellationToken)
    {
        if (DeadLetterFailure is not null)
            return Task.FromException(DeadLetterFailure);

        DeadLetters.Add((message.Message, reason));
        return Task.CompletedTask;
    }
}
