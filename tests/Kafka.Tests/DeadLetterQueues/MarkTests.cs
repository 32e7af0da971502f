using System.Text;
using System.Text.Json;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

/// <summary>What says, in the dead-letter topic, that letters were handled.</summary>
public sealed class MarkTests
{
    [Fact]
    public async Task A_mark_says_what_was_done_when_and_by_whom_in_as_few_ranges_as_may_be()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        using var raw = new RawProducer(kafka);
        foreach (var reason in (string[])["a", "a", "b", "a", "a"])
            await raw.PutAsync(topic, reason: reason);
        var clock = new ManualTime(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var queue = Letters.Queue(kafka, options => options with { Clock = clock });

        await queue.DropAsync(Letters.Of(topic) with { Reason = "a" });
        await queue.ReplayAsync(Letters.Of(topic));

        var marks = Letters.Marks(kafka, topic, 7);
        Assert.Equal(["dropped", "replayed"], marks.Select(mark => Encoding.UTF8.GetString(mark.Headers.GetLastBytes(DeadLetterHeaders.Mark))));
        Assert.Equal(
            """{"action":"dropped","at":"2026-03-01T12:00:00+00:00","by":"tester","ranges":[[0,1],[3,4]]}""",
            Encoding.UTF8.GetString(marks[0].Value));
        Assert.Equal("[[2,2]]", JsonDocument.Parse(marks[1].Value).RootElement.GetProperty("ranges").GetRawText());
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("{}")]
    [InlineData("""{"action":"dropped","at":"2026-03-01T12:00:00Z","by":"x","ranges":[[0]]}""")]
    [InlineData("""{"action":"dropped","at":"2026-03-01T12:00:00Z","by":"x","ranges":[[1,0]]}""")]
    [InlineData("""{"action":"dropped","at":"2026-03-01T12:00:00Z","by":"x","ranges":[[0,99]]}""")]
    [InlineData("""{"action":"dropped","at":"2026-03-01T12:00:00Z","by":"x","ranges":[null]}""")]
    [InlineData(null)]
    public async Task What_is_no_sound_mark_hides_no_letter_and_is_shown_itself(string? value)
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        using var raw = new RawProducer(kafka);
        await raw.PutAsync(topic);
        await raw.ProduceAsync(topic + ".dlq", value, 0, null, (DeadLetterHeaders.Mark, "dropped"));

        var letters = await Letters.Queue(kafka).AllAsync(Letters.Of(topic + ".dlq"));

        Assert.Equal(2, letters.Count);
    }

    [Fact]
    public async Task A_message_that_brings_a_mark_of_its_own_cannot_hide_itself()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup());
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(
            topic,
            """{"action":"dropped","at":"2026-03-01T12:00:00Z","by":"x","ranges":[]}""",
            headers: [(DeadLetterHeaders.Mark, "dropped"), ("MT-MessageType", "urn:message:Nobody:Knows")]);

        await using var host = await ReadingsHost.ConsumerAsync(kafka, topic, group, new Recorder());

        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 1);
        Assert.Equal("unknown_type", Assert.Single(await Letters.Queue(kafka).AllAsync(Letters.Of(topic))).Reason);
    }

    [Fact]
    public void Ranges_that_overlap_or_come_in_any_order_are_one_set()
    {
        var random = new Random(7);
        foreach (var _ in Enumerable.Range(0, 200))
        {
            var (set, ranges) = (new HashSet<long>(), new OffsetRanges());
            foreach (var __ in Enumerable.Range(0, random.Next(20)))
            {
                var first = random.Next(60);
                var last = first + random.Next(6);
                ranges.Add(first, last);
                for (long offset = first; offset <= last; offset++)
                    set.Add(offset);
            }

            Assert.Equal(Enumerable.Range(0, 70).Select(offset => set.Contains(offset)), Enumerable.Range(0, 70).Select(offset => ranges.Contains(offset)));
        }
    }
}
