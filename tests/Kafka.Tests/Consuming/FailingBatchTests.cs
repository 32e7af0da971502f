using System.Collections.Concurrent;
using IotBus.Testing;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka.Tests;

public sealed class FailingBatchTests
{
    [Fact]
    public async Task A_batch_that_fails_comes_again_unchanged_until_it_succeeds_while_other_partitions_go_on()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, recorder) = (await kafka.CreateTopicAsync("readings", 2), new Recorder());
        using var raw = new RawProducer(kafka);
        for (var n = 0; n < 10; n++)
        {
            await raw.ProduceAsync(topic, Noise(n), partition: 0);
            await raw.ProduceAsync(topic, Noise(100 + n), partition: 1);
        }

        var repaired = new TaskCompletionSource();
        var seen = new ConcurrentQueue<(long First, long Last, IReadOnlyList<TopicMessage<Reading>> Messages)>();
        recorder.OnBatch = (batch, _) =>
        {
            if (batch.Partition != 0 || repaired.Task.IsCompleted)
                return Task.CompletedTask;

            seen.Enqueue((batch.FirstOffset, batch.LastOffset, batch.Messages));
            throw new InvalidOperationException("no store");
        };
        await using var host = await ReadingsHost.ConsumerAsync(kafka, topic, kafka.NewGroup(), recorder, endpoint =>
        {
            endpoint.MaxBatchSize = 4;
            endpoint.IsTransient = _ => true;
            endpoint.RetryDelay = TimeSpan.FromMilliseconds(50);
            endpoint.MaxRetryDelay = TimeSpan.FromMilliseconds(100);
        });

        await Eventually.TrueAsync(() => seen.Count >= 5 && recorder.Count == 10);
        Assert.All(recorder.Batches, batch => Assert.Equal(1, batch.Assignment.Partition));
        Assert.All(seen, batch => Assert.Equal((seen.First().First, seen.First().Last), (batch.First, batch.Last)));
        Assert.All(seen, batch => Assert.Equal(seen.First().Messages, batch.Messages));
        Assert.Single(host.Log.Lines, line => line.Level == LogLevel.Error);
        await Eventually.TrueAsync(() => host.Bus.CheckHealth().Endpoints.Values.Any(endpoint => endpoint.Description == "messages fail and are tried again"));

        repaired.SetResult();

        await Eventually.TrueAsync(() => recorder.Count == 20);
        Assert.Equal(
            Enumerable.Range(0, 10),
            recorder.Batches.Where(batch => batch.Assignment.Partition == 0).SelectMany(batch => batch.Messages).Select(message => ((Noise)message.Message).Decibel));
        await Eventually.TrueAsync(() => host.Log.Lines.Any(line => line.Text.EndsWith("it goes on.", StringComparison.Ordinal)));
    }

    private static string Noise(int n) => $$"""{"type":"noise","id":"{{Guid.NewGuid()}}","device":"d","decibel":{{n}}}""";
}
