using System.Net;
using System.Net.Sockets;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

public sealed class SummaryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_summary_counts_by_topic_and_reason_and_has_the_newest_first()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings", partitions: 2);
        using var raw = new RawProducer(kafka);
        foreach (var i in Enumerable.Range(0, 6))
            await raw.PutAsync(topic, new string('v', i), "k", i < 4 ? "malformed" : "too_hot", partition: i % 2, offset: i, at: Noon.AddMinutes(i));
        await raw.ProduceAsync(topic + ".dlq", "by a foreign producer");
        await Letters.Queue(kafka).DropAsync(new() { Places = [new(topic, 0, 2)] });

        var summary = await Letters.Queue(kafka).SummarizeAsync(new() { Topic = topic + ".dlq", To = DateTimeOffset.UtcNow.AddDays(1) }, newest: 3);

        Assert.Equal((6, 1), (summary.Count, summary.Handled));
        Assert.Equal(
            [(topic, "malformed", 3L), (topic, "too_hot", 2L), (topic + ".dlq", null, 1L)],
            summary.Groups.Select(group => (group.Topic, group.Reason, group.Count)));
        Assert.Equal(("it does not say which topic it came from", 1), Assert.Single(summary.NotReplayable) is var left ? (left.Why, left.Count) : default);
        Assert.Equal((Noon, Noon.AddMinutes(3)), (summary.Groups[0].Oldest, summary.Groups[0].Newest));
        Assert.Equal([null, Noon.AddMinutes(5), Noon.AddMinutes(4)], summary.Newest.Select(entry => entry.Origin is null ? (DateTimeOffset?)null : entry.At));
        Assert.Equal((5, "too_hot", 2), (summary.Newest[1].ValueLength, summary.Newest[1].Reason, summary.Newest[1].Attempts));
    }

    [Fact]
    public async Task Where_nothing_was_put_aside_there_is_nothing()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        var queue = Letters.Queue(kafka);

        Assert.Contains(topic + ".dlq", await queue.TopicsAsync());
        Assert.Equal(0, (await queue.SummarizeAsync(Letters.Of(topic))).Count);
        Assert.Equal(0, (await queue.ReplayAsync(Letters.Of(topic))).Done);
        Assert.Empty(RawConsumer.Read(kafka, topic + ".dlq"));
    }

    [Fact]
    public async Task A_broker_that_does_not_answer_is_named()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var address = silent.LocalEndpoint.ToString()!;
        var queue = new DeadLetterQueue(new() { BootstrapServers = address, Timeout = TimeSpan.FromMilliseconds(300) });

        var exception = await Assert.ThrowsAsync<KafkaUnavailableException>(() => queue.SummarizeAsync(DeadLetterSelection.All));

        Assert.StartsWith($"Kafka at {address} did not answer within 0.3 s: ", exception.Message, StringComparison.Ordinal);
    }

    [EmbeddedKafkaFact]
    public async Task A_broker_that_goes_away_while_it_is_read_is_named()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var topic = await kafka.CreateTopicAsync("readings");
        using var raw = new RawProducer(kafka);
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => raw.PutAsync(topic, new string('v', 1000), offset: i)));
        var queue = Letters.Queue(kafka, options => options with { Timeout = TimeSpan.FromMilliseconds(500) });

        var exception = await Assert.ThrowsAsync<KafkaUnavailableException>(async () =>
        {
            // Far more than one answer of the broker holds is still to come.
            broker.SetRoundTripTime(TimeSpan.FromMilliseconds(50));
            await foreach (var letter in queue.ReadAsync(Letters.Of(topic)))
            {
                if (letter.Place.Offset == 0)
                    broker.TakeDown();
            }
        });

        Assert.StartsWith($"Kafka at {kafka.BootstrapServers} did not answer within 0.5 s: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_option_out_of_its_range_and_a_setting_that_nobody_knows_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new DeadLetterQueue(new() { BootstrapServers = " " }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DeadLetterQueue(new() { BootstrapServers = "a:1", Timeout = TimeSpan.Zero }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DeadLetterQueue(new() { BootstrapServers = "a:1", ReplayRate = 0 }));
    }

    [Fact]
    public async Task A_client_setting_that_nobody_knows_is_named()
    {
        var queue = new DeadLetterQueue(new() { BootstrapServers = "127.0.0.1:1", Configure = config => config.Set("no.such.setting", "1") });

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => queue.TopicsAsync());

        Assert.Contains("no.such.setting", exception.Message, StringComparison.Ordinal);
    }
}
