using System.Collections.Concurrent;

namespace IotBus.Kafka.Tests;

/// <summary>What the consumers of a test received, and how they shall behave.</summary>
internal sealed class Recorder
{
    private readonly ConcurrentQueue<Batch> _batches = new();

    /// <summary>Called before a batch is recorded. May wait, throw or send dead letters.</summary>
    public Func<TopicBatch<Reading>, CancellationToken, Task> OnBatch { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The batches that were applied, in the order of their ends.</summary>
    public IReadOnlyCollection<Batch> Batches => _batches;

    public IEnumerable<TopicMessage<Reading>> Messages => _batches.SelectMany(batch => batch.Messages);

    public int Count => _batches.Sum(batch => batch.Messages.Count);

    public async Task ApplyAsync(TopicBatch<Reading> batch, CancellationToken cancellationToken)
    {
        await OnBatch(batch, cancellationToken);
        _batches.Enqueue(new Batch(batch.Assignment, batch.FirstOffset, batch.LastOffset, batch.Messages));
    }

    public sealed record Batch(TopicAssignment Assignment, long First, long Last, IReadOnlyList<TopicMessage<Reading>> Messages);
}

internal sealed class RecordingConsumer(Recorder recorder) : ITopicBatchConsumer<Reading>
{
    public Task Consume(TopicBatch<Reading> batch, CancellationToken cancellationToken) => recorder.ApplyAsync(batch, cancellationToken);
}
