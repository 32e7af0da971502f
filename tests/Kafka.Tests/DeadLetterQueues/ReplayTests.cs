using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using IotBus.Kafka.Embedded;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

public sealed class ReplayTests
{
    [Fact]
    public async Task Once_the_fault_is_mended_what_it_put_aside_is_replayed_and_applied_once()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup());
        using var raw = new RawProducer(kafka);
        var id = Guid.NewGuid();
        var value = $$"""{"type":"noise","id":"{{id}}","device":"d","decibel":1}""";
        await raw.ProduceAsync(topic, value, key: "d", headers: [("MessageId", id.ToString()), ("MT-MessageType", "urn:message:A:TypeToCome"), ("foreign", "1")]);
        var before = new Recorder();
        await using (await ReadingsHost.ConsumerAsync(kafka, topic, group, before))
            await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 1);

        var queue = Letters.Queue(kafka);
        var letter = Assert.Single(await queue.AllAsync(Letters.Of(topic)));
        Assert.Equal(("unknown_type", new MessagePlace(topic, 0, 0), id, 1), (letter.Reason, letter.Origin, letter.MessageId, letter.Attempts));

        var after = new Recorder();
        await using var mended = await ReadingsHost.ConsumerAsync(kafka, topic, group, after, endpoint =>
        {
            endpoint.MessageType<TypeToCome>();
            endpoint.UseJson(JsonSerializerOptions.Web);
        });
        var first = await queue.ReplayAsync(Letters.Of(topic));
        var second = await queue.ReplayAsync(Letters.Of(topic));

        Assert.Equal((1, 0), (first.Done, second.Done));
        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 2);
        Assert.Empty(before.Messages);
        Assert.Equal(id, Assert.Single(after.Messages).MessageId);
        Assert.Empty(await queue.AllAsync(Letters.Of(topic)));
        var replayed = RawConsumer.Read(kafka, topic, 2)[1].Message;
        Assert.Equal(value, Encoding.UTF8.GetString(replayed.Value));
        Assert.Equal("d", Encoding.UTF8.GetString(replayed.Key));
        Assert.Equal(["MessageId", "MT-MessageType", "foreign"], replayed.Headers.Select(header => header.Key));
    }

    [Fact]
    public async Task A_key_goes_back_to_its_partition_and_a_message_without_one_to_where_it_was()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings", partitions: 4);
        using var raw = new RawProducer(kafka);
        foreach (var i in Enumerable.Range(0, 20))
            await raw.PutAsync(topic, $"{i}", key: $"key-{i}", partition: Murmur2.Partition(Encoding.UTF8.GetBytes($"key-{i}"), 4), offset: i);
        await raw.PutAsync(topic, "without", partition: 3, offset: 7);

        var outcome = await Letters.Queue(kafka).ReplayAsync(Letters.Of(topic));

        Assert.Equal(21, outcome.Done);
        var replayed = RawConsumer.Read(kafka, topic, 21);
        Assert.All(
            replayed.Where(record => record.Message.Key is not null),
            record => Assert.Equal(Murmur2.Partition(record.Message.Key, 4), record.Partition.Value));
        Assert.Equal(3, Assert.Single(replayed, record => record.Message.Key is null).Partition.Value);
    }

    [Fact]
    public async Task A_message_without_an_identifier_keeps_the_one_it_had_by_its_place()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        using var raw = new RawProducer(kafka);
        await raw.PutAsync(topic, "none", offset: 41);
        await raw.PutAsync(topic, "unreadable", offset: 42, headers: [("MessageId", "as it came")]);

        await Letters.Queue(kafka).ReplayAsync(Letters.Of(topic));

        var replayed = RawConsumer.Read(kafka, topic, 2);
        Assert.Equal(
            [MessageIds.Of(topic, 0, 41).ToString(), MessageIds.Of(topic, 0, 42).ToString()],
            replayed.Select(record => Encoding.UTF8.GetString(record.Message.Headers[0].GetValueBytes())));
        Assert.Equal("as it came", Encoding.UTF8.GetString(replayed[1].Message.Headers.GetLastBytes("MessageId")));
    }

    [Fact]
    public async Task What_cannot_be_replayed_stays_and_the_reason_is_told()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic + ".dlq", "by a foreign producer");
        await raw.ProduceAsync(topic + ".dlq", "its topic was deleted", 0, null, Letters.Headers("gone"));
        await raw.ProduceAsync(topic + ".dlq", null, 0, null, [(DeadLetterHeaders.LeftOut, "value,headers,key"), .. Letters.Headers(topic)]);
        await raw.ProduceAsync(topic + ".dlq", "x", 0, null, Letters.Headers("__consumer_offsets"));
        await raw.PutAsync(topic, "good");

        var outcome = await Letters.Queue(kafka).ReplayAsync(Letters.Of(topic + ".dlq"));

        Assert.Equal(1, outcome.Done);
        Assert.Equal(
            [
                "it does not say which topic it came from",
                "it says it came from __consumer_offsets",
                "its value, headers, key is missing, because it was too large",
                "there is no topic gone any more",
            ],
            outcome.Left.Select(left => left.Why).Order(StringComparer.Ordinal));
        Assert.All(outcome.Left, left => Assert.Equal(1, left.Count));
        Assert.Equal("good"u8.ToArray(), Assert.Single(RawConsumer.Read(kafka, topic, 1)).Message.Value);
        Assert.Equal(4, (await Letters.Queue(kafka).AllAsync(Letters.Of(topic + ".dlq"))).Count);
    }

    [EmbeddedKafkaFact]
    public async Task What_the_broker_does_not_acknowledge_stays_and_what_it_does_is_marked()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var (good, bad) = (await kafka.CreateTopicAsync("good"), await kafka.CreateTopicAsync("bad"));
        using var raw = new RawProducer(kafka);
        await raw.PutAsync(good);
        await raw.PutAsync(bad);
        var queue = Letters.Queue(kafka, options => options with { Timeout = TimeSpan.FromSeconds(2) });

        broker.SetTopicError(bad, ErrorCode.LeaderNotAvailable);
        var exception = await Assert.ThrowsAsync<KafkaUnavailableException>(() => queue.ReplayAsync(DeadLetterSelection.All));

        Assert.StartsWith($"Kafka at {kafka.BootstrapServers} did not acknowledge a message for {bad} within 2 s: ", exception.Message, StringComparison.Ordinal);
        Assert.Equal(bad, Assert.Single(await queue.AllAsync(DeadLetterSelection.All)).Origin?.Topic);
        broker.SetTopicError(bad, ErrorCode.NoError);
        Assert.Equal(1, (await queue.ReplayAsync(DeadLetterSelection.All)).Done);
    }

    [EmbeddedKafkaFact]
    public async Task A_topic_that_refuses_leaves_its_letters_and_the_others_are_replayed()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var (good, bad) = (await kafka.CreateTopicAsync("good"), await kafka.CreateTopicAsync("bad"));
        using var raw = new RawProducer(kafka);
        await raw.PutAsync(bad);
        await raw.PutAsync(good);

        broker.SetTopicError(bad, ErrorCode.TopicAuthorizationFailed);
        var outcome = await Letters.Queue(kafka).ReplayAsync(DeadLetterSelection.All);

        Assert.Equal(1, outcome.Done);
        var left = Assert.Single(outcome.Left);
        Assert.Equal((1, bad + ".dlq"), (left.Count, left.Example.Topic));
        Assert.StartsWith($"Kafka does not take it into {bad}: ", left.Why, StringComparison.Ordinal);
    }

    [EmbeddedKafkaFact]
    public async Task A_replay_that_could_not_leave_its_mark_says_so_and_replays_again_with_the_same_identifier()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var topic = await kafka.CreateTopicAsync("readings");
        using var raw = new RawProducer(kafka);
        var id = Guid.NewGuid().ToString();
        await raw.PutAsync(topic, headers: [("MessageId", id)]);
        var queue = Letters.Queue(kafka, options => options with { Timeout = TimeSpan.FromSeconds(5) });

        // The letter's own request passes; the mark's does not.
        broker.FailRequests(KafkaRequest.Produce, ErrorCode.NoError, ErrorCode.TopicAuthorizationFailed);
        var exception = await Assert.ThrowsAsync<KafkaException>(() => queue.ReplayAsync(Letters.Of(topic)));

        Assert.StartsWith($"Kafka does not take the mark in {topic}.dlq that letters were replayed", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await queue.ReplayAsync(Letters.Of(topic))).Done);
        Assert.Empty(await queue.AllAsync(Letters.Of(topic)));
        var replayed = RawConsumer.Read(kafka, topic, 2);
        Assert.Equal([id, id], replayed.Select(record => Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes("MessageId"))));
    }

    [Fact]
    public async Task A_replay_that_is_stopped_has_marked_what_it_replayed_and_the_next_one_does_the_rest()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        using var raw = new RawProducer(kafka);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => raw.PutAsync(topic, $"{i}", offset: i)));
        using var stop = new CancellationTokenSource();
        var done = 0L;
        var progress = new Told(told =>
        {
            done = told.Done;
            if (told.Done > 0)
                stop.Cancel();
        });

        // A letter at a time, five a second: it is stopped after the first.
        var slow = Letters.Queue(kafka, options => options with { ReplayRate = 5 });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow.ReplayAsync(Letters.Of(topic), progress, stop.Token));

        Assert.InRange(done, 1, 49);
        Assert.Equal(50 - done, (await Letters.Queue(kafka).AllAsync(Letters.Of(topic))).Count);
        Assert.Equal(50 - done, (await Letters.Queue(kafka).ReplayAsync(Letters.Of(topic))).Done);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}"), RawConsumer.Read(kafka, topic, 50).Select(record => Encoding.UTF8.GetString(record.Message.Value)));
    }

    /// <summary>A type that the consumer of an earlier version does not know.</summary>
    [MassTransit.MessageUrn("A:TypeToCome")]
    private sealed record TypeToCome : Reading
    {
        public override string Type => "noise";

        [System.Text.Json.Serialization.JsonPropertyName("decibel")]
        public required int Decibel { get; init; }
    }

    private sealed class Told(Action<DeadLetterProgress> tell) : IProgress<DeadLetterProgress>
    {
        public void Report(DeadLetterProgress value) => tell(value);
    }
}
