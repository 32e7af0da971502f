using System.Collections.Concurrent;
using IotBus.Kafka;
using IotBus.Messages;

namespace IotBus.Api.Tests.Fixtures;

/// <summary>Both topics, in memory. Acknowledges at once unless a test says otherwise.</summary>
internal sealed class FakeTopics
{
    private readonly ConcurrentQueue<Produced> _produced = new();

    /// <summary>Answers for Kafka: the task is the delivery. Null acknowledges.</summary>
    public Func<SensorEvent, Task>? Deliver { get; set; }

    public IReadOnlyList<Produced> Produced => [.. _produced];

    public Produced Single => Assert.Single(Produced);

    public ITopicProducer<string, SensorEvent> Telemetry => new FakeProducer<SensorEvent>(this, Topics.Telemetry);

    public ITopicProducer<string, AlertRaised> Alerts => new FakeProducer<AlertRaised>(this, Topics.Alerts);

    public void Fail(ProduceFailure failure) =>
        Deliver = message => Task.FromException(new TopicProduceException("a topic", failure, "Made to fail."));

    public Task Take(Produced produced)
    {
        _produced.Enqueue(produced);
        return Deliver?.Invoke(produced.Event) ?? Task.CompletedTask;
    }
}

internal sealed record Produced(string Topic, string Key, SensorEvent Event);
