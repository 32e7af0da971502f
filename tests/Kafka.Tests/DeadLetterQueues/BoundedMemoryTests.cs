using IotBus.Testing;

namespace IotBus.Kafka.Tests;

/// <summary>What is measured is the whole process's, so no other test runs meanwhile.</summary>
[Collection(Alone)]
[CollectionDefinition(Alone, DisableParallelization = true)]
public sealed class BoundedMemoryTests
{
    private const string Alone = nameof(BoundedMemoryTests);

    [Fact]
    public async Task A_hundred_thousand_letters_are_listed_and_dropped_in_bounded_memory()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings", partitions: 8);
        using var raw = new RawProducer(kafka);
        const int Count = 100_000;
        foreach (var chunk in Enumerable.Range(0, Count).Chunk(10_000))
            await Task.WhenAll(chunk.Select(i => raw.ProduceAsync(topic + ".dlq", null, i % 8, null, (DeadLetterHeaders.Reason, i / 8 % 2 == 0 ? "even" : "odd"))));
        var queue = Letters.Queue(kafka);
        var selection = Letters.Of(topic + ".dlq");
        long most = 0, steps = 0;
        var progress = new Watch(() =>
        {
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
            steps++;
        });
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var dropped = await queue.DropAsync(selection with { Reason = "even" }, progress);
        var summary = await queue.SummarizeAsync(selection, progress: progress);

        Assert.Equal((Count / 2, Count / 2, Count / 2), (dropped.Done, summary.Count, summary.Handled));
        Assert.Equal("odd", Assert.Single(summary.Groups).Reason);
        Assert.True(steps > 2);
        Assert.InRange(most - before, long.MinValue, 24 * 1024 * 1024);
    }

    private sealed class Watch(Action look) : IProgress<DeadLetterProgress>
    {
        public void Report(DeadLetterProgress value) => look();
    }
}
