using System.Globalization;
using System.Text;
using Confluent.Kafka;
using IotBus.Testing;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka.Tests;

/// <summary>Messages that no reader or dead-letter topic takes as they are never hold up their neighbours.</summary>
public sealed class PoisonTests
{
    private const string Good = """{"type":"noise","id":"00000000-0000-0000-0000-000000000001","device":"d","decibel":1}""";

    [Fact]
    public async Task Half_a_surrogate_pair_and_a_timestamp_in_microseconds_are_put_aside()
    {
        const long Microseconds = 1_763_600_000_000_000;
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, recorder) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Recorder());
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, """{"\ud800":1}""");
        await raw.ProduceAsync(topic, Encoding.UTF8.GetBytes(Good), new Timestamp(Microseconds, TimestampType.CreateTime));
        await raw.ProduceAsync(topic, Good);

        await using var host = await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder);

        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 3, state: host.Log.ToString);
        Assert.Equal(2, Assert.Single(recorder.Messages).Offset);
        var letters = RawConsumer.Read(kafka, topic + ".dlq", 2).Select(letter => letter.Message).ToList();
        Assert.All(letters, letter => Assert.Equal("malformed", Text(letter, DeadLetterHeaders.Reason)));
        var late = Assert.Single(letters, letter => Text(letter, DeadLetterHeaders.Offset) == "1");
        Assert.Equal(Microseconds.ToString(CultureInfo.InvariantCulture), Text(late, DeadLetterHeaders.Timestamp));
    }

    [Fact]
    public async Task What_is_too_large_for_the_dead_letter_topic_goes_there_without_its_value_and_says_so()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, recorder) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Recorder());
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, new string('x', 4000), key: "key", headers: [("foreign", "1")]);
        await raw.ProduceAsync(topic, "no JSON", key: new string('k', 3000), headers: [("foreign", new string('h', 3000))]);
        await raw.ProduceAsync(topic, Good);

        await using var host = await ReadingsHost.ConsumerAsync(
            kafka,
            topic,
            group,
            recorder,
            configureRider: rider => rider.ConfigureProducer(producer => producer.Configure = config => config.MessageMaxBytes = 2000));

        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 3, state: host.Log.ToString);
        Assert.Single(recorder.Messages);
        var letters = RawConsumer.Read(kafka, topic + ".dlq", 2).Select(letter => letter.Message).ToList();
        Assert.All(letters, letter => Assert.Null(letter.Value));
        var large = Assert.Single(letters, letter => Text(letter, DeadLetterHeaders.Offset) == "0");
        Assert.Equal("key"u8.ToArray(), large.Key);
        Assert.Equal("1", Text(large, "foreign"));
        Assert.Equal(("value", "4000"), (Text(large, DeadLetterHeaders.LeftOut), Text(large, DeadLetterHeaders.ValueLength)));
        var wide = Assert.Single(letters, letter => Text(letter, DeadLetterHeaders.Offset) == "1");
        Assert.Null(wide.Key);
        Assert.False(wide.Headers.TryGetLastBytes("foreign", out _));
        Assert.Equal(("value,headers,key", "7"), (Text(wide, DeadLetterHeaders.LeftOut), Text(wide, DeadLetterHeaders.ValueLength)));
    }

    [Fact]
    public async Task A_dead_letter_may_be_larger_than_the_messages_that_the_application_may_produce()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, recorder) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Recorder());
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, new string('x', 4000));

        await using var host = await ReadingsHost.ConsumerAsync(
            kafka, topic, group, recorder, configureRider: rider => rider.ConfigureProducer(producer => producer.MaxMessageBytes = 2000));

        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 1, state: host.Log.ToString);
        Assert.Equal(4000, Assert.Single(RawConsumer.Read(kafka, topic + ".dlq", 1)).Message.Value.Length);
        var refusal = await Assert.ThrowsAsync<TopicProduceException>(
            () => host.Producer<string, Reading>().Produce("d", Some.Warmth(new string('d', 3000)), CancellationToken.None));
        Assert.Equal(ProduceFailure.Refused, refusal.Failure);
    }

    [Fact]
    public async Task The_count_of_dead_letters_is_there_at_zero_before_the_first()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        using var instruments = new Instruments("topic", topic);

        await using var host = await ReadingsHost.ConsumerAsync(kafka, topic, kafka.NewGroup(), new Recorder());

        Assert.Equal((0, 0), (instruments.DeadLetters("malformed"), instruments.DeadLetters("unknown_type")));
    }

    [Fact]
    public async Task The_log_tells_a_reason_once_with_an_example_however_many_messages_have_it()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, recorder) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Recorder());
        using var raw = new RawProducer(kafka);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => raw.ProduceAsync(topic, "no JSON")));

        await using var host = await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder);

        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 100, state: host.Log.ToString);
        var line = Assert.Single(host.Log.Lines, line => line.Level == LogLevel.Warning && line.Text.Contains("malformed", StringComparison.Ordinal));
        Assert.Contains($"{topic}[0]", line.Text, StringComparison.Ordinal);
    }

    private static string Text(Message<byte[], byte[]> message, string header) => Encoding.UTF8.GetString(message.Headers.GetLastBytes(header));
}
