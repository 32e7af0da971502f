using System.Text;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

public sealed class SelectionTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Letters_are_chosen_by_reason_key_time_and_place_and_all_that_is_set_must_fit()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings", partitions: 2);
        using var raw = new RawProducer(kafka);
        await raw.PutAsync(topic, "a", "k1", "malformed", offset: 10, at: Noon);
        await raw.PutAsync(topic, "b", "k2", "malformed", offset: 11, at: Noon.AddMinutes(1));
        await raw.PutAsync(topic, "c", "k1", "too_hot", offset: 12, at: Noon.AddMinutes(2));
        await raw.PutAsync(topic, "d", "k1", "too_hot", partition: 1, offset: 12, at: Noon.AddMinutes(3));
        var all = Letters.Of(topic);

        Assert.Equal("abcd", await ValuesAsync(all));
        Assert.Equal("abcd", await ValuesAsync(new() { Topic = topic + ".dlq" }));
        Assert.Equal("cd", await ValuesAsync(all with { Reason = "too_hot" }));
        Assert.Equal("acd", await ValuesAsync(all with { Key = "k1"u8.ToArray() }));
        Assert.Equal("", await ValuesAsync(all with { Key = "k"u8.ToArray() }));
        Assert.Equal("bc", await ValuesAsync(all with { From = Noon.AddMinutes(1), To = Noon.AddMinutes(3) }));
        Assert.Equal("c", await ValuesAsync(all with { Key = "k1"u8.ToArray(), Reason = "too_hot", To = Noon.AddMinutes(3) }));
        Assert.Equal("b", await ValuesAsync(new() { Places = [new(topic + ".dlq", 0, 1)] }));
        Assert.Equal("ad", await ValuesAsync(new() { Places = [new(topic + ".dlq", 0, 0), new(topic + ".dlq", 1, 0)] }));
        Assert.Equal("d", await ValuesAsync(new() { Places = [new(topic, 1, 12)] }));
        Assert.Equal("", await ValuesAsync(new() { Places = [new(topic + ".dlq", 0, 9), new(topic + ".dlq", 7, 0), new(topic, 1, 10)] }));

        async Task<string> ValuesAsync(DeadLetterSelection selection)
        {
            var letters = await Letters.Queue(kafka).AllAsync(selection);
            return string.Concat(letters.Select(letter => Encoding.UTF8.GetString(letter.Value!.Value.Span)).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task What_is_replayed_by_a_filter_leaves_the_others_and_each_is_handled_once()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        using var raw = new RawProducer(kafka);
        foreach (var i in Enumerable.Range(0, 12))
            await raw.PutAsync(topic, $"{i}", reason: i % 3 == 0 ? "third" : "other", offset: i);
        var queue = Letters.Queue(kafka);

        Assert.Equal(4, (await queue.ReplayAsync(Letters.Of(topic) with { Reason = "third" })).Done);
        Assert.Equal(0, (await queue.ReplayAsync(Letters.Of(topic) with { Reason = "third" })).Done);
        Assert.Equal(1, (await queue.DropAsync(new() { Places = [new(topic + ".dlq", 0, 1)] })).Done);
        Assert.Null(await queue.FindAsync(new(topic + ".dlq", 0, 1)));
        Assert.Equal(7, (await queue.ReplayAsync(Letters.Of(topic))).Done);

        Assert.Empty(await queue.AllAsync(Letters.Of(topic)));
        Assert.Equal(
            ["0", "3", "6", "9", "2", "4", "5", "7", "8", "10", "11"],
            RawConsumer.Read(kafka, topic, 11).Select(record => Encoding.UTF8.GetString(record.Message.Value)));
    }

    [Fact]
    public async Task A_letter_tells_all_that_its_headers_tell()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        using var raw = new RawProducer(kafka);
        var place = await raw.PutAsync(topic, "value", "key", "too_hot", offset: 5, at: Noon, headers: [("foreign", "1"), (DeadLetterHeaders.Consumer, "A.Consumer")]);

        var letter = await Letters.Queue(kafka).FindAsync(place);

        Assert.NotNull(letter);
        Assert.Equal(
            (place, new MessagePlace(topic, 0, 5), "too_hot", 2, "A.Consumer", Noon, Noon, null, null),
            (letter.Place, letter.Origin, letter.Reason, letter.Attempts, letter.Consumer, letter.At, letter.FirstFailure, letter.LeftOut, letter.NotReplayable));
        Assert.Equal("foreign", Assert.Single(letter.Headers).Key);
        Assert.Equal(MessageIds.Of(topic, 0, 5), letter.MessageId);
    }

    [Fact]
    public async Task A_letter_without_any_headers_tells_nothing_but_where_and_when_it_is()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic + ".dlq", (string?)null);
        await raw.ProduceAsync(topic + ".dlq", "", 0, "");

        var letters = await Letters.Queue(kafka).AllAsync(new() { Topic = topic + ".dlq" });

        Assert.Equal((false, false, true, true), (letters[0].Key.HasValue, letters[0].Value.HasValue, letters[1].Key.HasValue, letters[1].Value.HasValue));
        Assert.Equal((null, null, null, null, null, null), (letters[0].Origin, letters[0].Reason, letters[0].Attempts, letters[0].MessageId, letters[0].LastFailure, letters[0].Group));
        Assert.InRange(letters[0].At, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        Assert.Equal("it does not say which topic it came from", letters[0].NotReplayable);
    }

    [Theory]
    [InlineData("t.dlq[3]@17", true)]
    [InlineData("t[0]@0", true)]
    [InlineData("t[0]@", false)]
    [InlineData("t[-1]@0", false)]
    [InlineData("t[0]@9223372036854775808", false)]
    [InlineData("[0]@1", false)]
    [InlineData("t/u[0]@1", false)]
    [InlineData("t@1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_place_is_written_topic_partition_offset(string? text, bool valid)
    {
        Assert.Equal(valid, MessagePlace.TryParse(text, out var place));
        Assert.Equal(valid ? text : "[0]@0", place.ToString());
    }
}
