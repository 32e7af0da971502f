using System.Globalization;
using System.Text;
using Confluent.Kafka;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

public sealed class DeadLetterTests
{
    private const string Broken = "{\"type\":\"noise\", broken \u00e4";

    [Fact]
    public async Task What_cannot_be_read_goes_to_the_dead_letter_topic_byte_for_byte_while_its_neighbours_are_applied()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, recorder) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Recorder());
        using var instruments = new Instruments("topic", topic);
        var started = TimeOf(DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, """{"type":"noise","id":"00000000-0000-0000-0000-000000000001","device":"d","decibel":1}""");
        await raw.ProduceAsync(topic, Broken, key: "key", headers: [("MessageId", "as it came"), ("foreign", "1"), ("foreign", "2")]);
        await raw.ProduceAsync(topic, null, key: "tombstone");
        await raw.ProduceAsync(topic, """{"type":"noise","id":"00000000-0000-0000-0000-000000000002","device":"d","decibel":2}""");

        await using var host = await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder);

        await Eventually.TrueAsync(() => recorder.Count == 2);
        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 4);
        Assert.Equal([1, 2], recorder.Messages.Select(message => ((Noise)message.Message).Decibel));

        Assert.Equal((1, 1), (instruments.DeadLetters("malformed"), instruments.DeadLetters("null_value")));

        var letters = RawConsumer.Read(kafka, topic + ".dlq", 2);
        var letter = Assert.Single(letters, letter => letter.Message.Value is not null).Message;
        Assert.Equal(Encoding.UTF8.GetBytes(Broken), letter.Value);
        Assert.Equal("key"u8.ToArray(), letter.Key);
        var headers = letter.Headers.Select(header => (header.Key, Encoding.UTF8.GetString(header.GetValueBytes()))).ToList();
        Assert.Equal([("MessageId", "as it came"), ("foreign", "1"), ("foreign", "2")], headers[..3]);
        var ours = headers[3..].ToDictionary();
        Assert.StartsWith("'b' is an invalid start of a property name", ours[DeadLetterHeaders.ExceptionMessage], StringComparison.Ordinal);
        Assert.EndsWith("JsonException", ours[DeadLetterHeaders.ExceptionType], StringComparison.Ordinal);
        Assert.Equal("malformed", ours[DeadLetterHeaders.Reason]);
        Assert.Equal(topic, ours[DeadLetterHeaders.Topic]);
        Assert.Equal("0", ours[DeadLetterHeaders.Partition]);
        Assert.Equal("1", ours[DeadLetterHeaders.Offset]);
        Assert.Equal(RawConsumer.Read(kafka, topic, 4)[1].Message.Timestamp.UtcDateTime, DateTime.Parse(ours[DeadLetterHeaders.Timestamp], null, System.Globalization.DateTimeStyles.RoundtripKind));
        Assert.Equal(group, ours[DeadLetterHeaders.Group]);
        Assert.Equal("key", ours[DeadLetterHeaders.Key]);
        Assert.Equal("1", ours[DeadLetterHeaders.Attempts]);
        Assert.Equal(ours[DeadLetterHeaders.FirstFailure], ours[DeadLetterHeaders.LastFailure]);
        Assert.InRange(TimeOf(ours[DeadLetterHeaders.LastFailure]), started, DateTimeOffset.UtcNow);
        Assert.DoesNotContain(DeadLetterHeaders.Consumer, ours);

        var tombstone = Assert.Single(letters, letter => letter.Message.Value is null).Message;
        Assert.Equal("tombstone"u8.ToArray(), tombstone.Key);
        Assert.Equal("null_value"u8.ToArray(), tombstone.Headers.GetLastBytes(DeadLetterHeaders.Reason));
    }

    [Fact]
    public async Task What_the_consumer_rejects_goes_there_as_it_came_and_only_once_though_the_batch_comes_again()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, recorder) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Recorder());
        const string Value = """{ "type":"noise", "id":"00000000-0000-0000-0000-000000000001", "device":"d", "decibel":-1 }""";
        using (var raw = new RawProducer(kafka))
            await raw.ProduceAsync(topic, Value, key: "d", headers: [(DeadLetterHeaders.Reason, "of an earlier stay"), ("foreign", "1")]);

        var tries = 0;
        recorder.OnBatch = async (batch, cancellationToken) =>
        {
            await batch.DeadLetterAsync(batch.Messages[0], "too_quiet", new ArgumentException(new string('ä', 2000)), cancellationToken);
            if (Interlocked.Increment(ref tries) == 1)
                throw new InvalidOperationException("after the dead letter");
        };
        await using var host = await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder);

        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 1);
        var letter = Assert.Single(RawConsumer.Read(kafka, topic + ".dlq", 1)).Message;
        Assert.Equal(Encoding.UTF8.GetBytes(Value), letter.Value);
        Assert.Equal("foreign", letter.Headers[0].Key);
        Assert.Equal("too_quiet", Encoding.UTF8.GetString(Assert.Single(letter.Headers, header => header.Key == DeadLetterHeaders.Reason).GetValueBytes()));
        Assert.Equal(new string('ä', 512), Encoding.UTF8.GetString(letter.Headers.GetLastBytes(DeadLetterHeaders.ExceptionMessage)));
        Assert.Equal(2, tries);
    }

    [Fact]
    public async Task What_failed_several_times_says_how_often_since_when_and_where()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, recorder) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Recorder());
        using (var raw = new RawProducer(kafka))
            await raw.ProduceAsync(topic, """{ "type":"noise", "id":"00000000-0000-0000-0000-000000000001", "device":"d", "decibel":-1 }""", key: new string('k', 300));

        var tries = 0;
        recorder.OnBatch = (batch, cancellationToken) => ++tries < 3
            ? throw new InvalidOperationException("not yet")
            : batch.DeadLetterAsync(batch.Messages[0], "too_quiet", cancellationToken: cancellationToken);
        await using var host = await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder, endpoint => endpoint.RetryDelay = TimeSpan.FromMilliseconds(20));

        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 1);
        var letter = Assert.Single(RawConsumer.Read(kafka, topic + ".dlq", 1)).Message;
        Assert.Equal("3", Text(letter, DeadLetterHeaders.Attempts));
        Assert.Equal(typeof(RecordingConsumer).FullName, Text(letter, DeadLetterHeaders.Consumer));
        Assert.True(TimeOf(Text(letter, DeadLetterHeaders.FirstFailure)) < TimeOf(Text(letter, DeadLetterHeaders.LastFailure)));
        Assert.Equal(new string('k', 256), Text(letter, DeadLetterHeaders.Key));
        Assert.Equal(300, letter.Key.Length);
        Assert.False(letter.Headers.TryGetLastBytes(DeadLetterHeaders.ExceptionType, out _));
    }

    [EmbeddedKafkaFact]
    public async Task A_dead_letter_that_is_not_acknowledged_keeps_the_offset_where_it_is_and_nothing_is_applied_twice()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var (topic, group, recorder) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Recorder());
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, "no JSON");
        await raw.ProduceAsync(topic, """{"type":"noise","id":"00000000-0000-0000-0000-000000000001","device":"d","decibel":1}""");
        broker.SetTopicError(topic + ".dlq", ErrorCode.TopicAuthorizationFailed);
        await using (var host = await ReadingsHost.ConsumerAsync(
            kafka,
            topic,
            group,
            recorder,

            // So that the bad one and its neighbour come in one batch.
            endpoint => endpoint.BatchLinger = TimeSpan.FromSeconds(1)))
        {
            await Eventually.TrueAsync(() => host.Log.Lines.Any(line => line.Text.Contains("was refused", StringComparison.Ordinal)), state: host.Log.ToString);
            await Eventually.TrueAsync(() => recorder.Count == 1);
            await raw.ProduceAsync(topic, """{"type":"noise","id":"00000000-0000-0000-0000-000000000002","device":"d","decibel":2}""");
        }

        Assert.Single(recorder.Messages);
        Assert.Null(await Groups.CommittedAsync(kafka, group, topic));
        broker.SetTopicError(topic + ".dlq", ErrorCode.NoError);
        Assert.Empty(RawConsumer.Read(kafka, topic + ".dlq"));

        await using var next = await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder);

        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 3);
        Assert.Single(RawConsumer.Read(kafka, topic + ".dlq", 1));
        Assert.Equal([1, 1, 2], recorder.Messages.Select(message => ((Noise)message.Message).Decibel));
    }

    private static DateTimeOffset TimeOf(string text) => DateTimeOffset.ParseExact(text, "yyyy-MM-ddTHH:mm:ss.fffK", CultureInfo.InvariantCulture);

    private static string Text(Message<byte[], byte[]> message, string header) => Encoding.UTF8.GetString(message.Headers.GetLastBytes(header));
}
