using System.Globalization;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

public sealed class TopicMadeAgainTests
{
    [EmbeddedKafkaTheory]
    [InlineData(10, 4)]
    [InlineData(4, 10)]
    public async Task A_topic_that_is_made_again_under_its_consumer_is_consumed_from_its_start_under_a_new_assignment(int before, int after)
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var (topic, recorder) = (await kafka.CreateTopicAsync("readings"), new Recorder());
        using (var raw = new RawProducer(kafka))
        {
            for (var n = 0; n < before; n++)
                await raw.ProduceAsync(topic, Noise(n));
        }

        await using var host = await ReadingsHost.ConsumerAsync(kafka, topic, kafka.NewGroup(), recorder);
        await Eventually.TrueAsync(() => recorder.Count == before, state: host.Log.ToString);
        var first = recorder.Batches.First().Assignment;
        Assert.Equal(first.TopicId, await first.QueryTopicIdAsync());

        broker.DeleteTopic(topic);
        broker.CreateTopic(topic, 1);
        using (var raw = new RawProducer(kafka))
        {
            for (var n = 0; n < after; n++)
                await raw.ProduceAsync(topic, Noise(1000 + n));
        }

        Assert.NotEqual(first.TopicId, await first.QueryTopicIdAsync());
        await Eventually.TrueAsync(
            () => recorder.Batches.Where(batch => batch.Assignment != first).Sum(batch => batch.Messages.Count) >= after, state: () => Numbers(recorder) + host.Log);
        Assert.True(first.Lost.IsCancellationRequested);
        var second = recorder.Batches.Where(batch => batch.Assignment != first).ToList();
        Assert.Equal(Enumerable.Range(1000, after), second.SelectMany(batch => batch.Messages).Select(message => ((Noise)message.Message).Decibel));
        var assignment = Assert.Single(second.Select(batch => batch.Assignment).Distinct());
        Assert.Equal(await first.QueryTopicIdAsync(), assignment.TopicId);
    }

    private static string Numbers(Recorder recorder) =>
        string.Join(',', recorder.Messages.Select(message => ((Noise)message.Message).Decibel.ToString(CultureInfo.InvariantCulture))) + "\n";

    private static string Noise(int n) => $$"""{"type":"noise","id":"{{Guid.NewGuid()}}","device":"d","decibel":{{n}}}""";
}
