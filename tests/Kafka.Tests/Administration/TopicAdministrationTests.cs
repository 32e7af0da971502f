using IotBus.Testing;

namespace IotBus.Kafka.Tests;

public sealed class TopicAdministrationTests
{
    [Fact]
    public async Task A_topic_is_made_once_with_its_partitions_and_described()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var administration = AdministrationOf(kafka);
        using var disposing = (IDisposable)administration;
        var topic = kafka.NewTopic("made");

        Assert.Null(await administration.DescribeAsync(topic));
        var made = await administration.CreateIfMissingAsync(new TopicDefinition(topic, 3) { Configuration = new Dictionary<string, string> { ["retention.ms"] = "60000" } });
        var again = await administration.CreateIfMissingAsync(new TopicDefinition(topic, 5));

        Assert.Equal((topic, 3), (made.Name, made.Partitions));
        Assert.NotNull(made.TopicId);
        Assert.Equal(made, again);
        Assert.Equal(made, await administration.DescribeAsync(topic));
    }

    [EmbeddedKafkaFact]
    public async Task A_topic_made_again_has_another_identifier_and_its_consumers_are_told()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var (topic, group, recorder) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Recorder());
        using (var raw = new RawProducer(kafka))
            await raw.ProduceAsync(topic, """{"type":"noise","id":"00000000-0000-0000-0000-000000000001","device":"d","decibel":1}""");

        await using (await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder))
            await Eventually.TrueAsync(() => recorder.Count == 1);

        broker.DeleteTopic(topic);
        broker.CreateTopic(topic, 1);
        using (var raw = new RawProducer(kafka))
            await raw.ProduceAsync(topic, """{"type":"noise","id":"00000000-0000-0000-0000-000000000002","device":"d","decibel":2}""");

        await using var next = await ReadingsHost.ConsumerAsync(kafka, topic, kafka.NewGroup(), recorder);
        await Eventually.TrueAsync(() => recorder.Count == 2);
        var (before, after) = (recorder.Batches.First().Assignment, recorder.Batches.Last().Assignment);
        Assert.NotNull(before.TopicId);
        Assert.NotEqual(before.TopicId, after.TopicId);
        Assert.Equal((1, 1), (before.EndOffset, after.EndOffset));
        Assert.Equal(1, await after.QueryEndOffsetAsync());
    }

    [Fact]
    public async Task A_broker_that_does_not_answer_is_named()
    {
        using var administration = new KafkaTopicAdministration("127.0.0.1:1", client => client.SocketTimeoutMs = 1000, TimeSpan.FromMilliseconds(500));

        var exception = await Assert.ThrowsAsync<KafkaUnavailableException>(() => administration.DescribeAsync("topic"));

        Assert.Contains("127.0.0.1:1", exception.Message, StringComparison.Ordinal);
    }

    private static ITopicAdministration AdministrationOf(KafkaServer kafka) =>
        kafka.Embedded is { } embedded ? new EmbeddedTopicAdministration(embedded) : new KafkaTopicAdministration(kafka.BootstrapServers);
}
