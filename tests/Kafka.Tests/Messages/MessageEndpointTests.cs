using System.Text;
using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

public sealed class MessageEndpointTests
{
    [Fact]
    public async Task A_consumer_gets_each_message_with_its_key_place_and_headers_and_their_offsets_are_committed()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, seen) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Seen());
        var (id, conversation) = (Guid.NewGuid(), Guid.NewGuid());
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(
            topic, NoiseHost.Json(1), key: "device-1", headers: [("MessageId", $"{id}"), ("ConversationId", $"{conversation}"), ("own", "header ä")]);
        await raw.ProduceAsync(topic, NoiseHost.Json(2));
        List<(string? Key, int? Partition, long? Offset, string? Topic, Guid? Id, Guid? Conversation, string? Own)> contexts = [];
        seen.OnMessage = context =>
        {
            contexts.Add((context.GetKey<string>(), context.Partition(), context.Offset(), context.Topic(), context.MessageId, context.ConversationId, context.Headers.Get<string>("own")));
            return Task.CompletedTask;
        };

        await using var host = await NoiseHost.StartAsync(kafka, topic, group, seen);

        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 2, state: host.Log.ToString);
        Assert.Equal([1, 2], seen.Messages.Select(message => message.Decibel));
        Assert.Equal(("device-1", 0, 0L, topic, id, conversation, "header ä"), contexts[0]);
        Assert.Equal((null, 0, 1L, topic, MessageIds.Of(topic, 0, 1), null, null), contexts[1]);
    }

    [Fact]
    public async Task With_retries_used_up_a_message_is_a_dead_letter_that_says_how_often_it_was_tried_and_the_next_goes_on()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, seen) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Seen());
        using var instruments = new Instruments("topic", topic);
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, NoiseHost.Json(-1), key: "k");
        await raw.ProduceAsync(topic, NoiseHost.Json(2));
        var tries = 0;
        seen.OnMessage = context => context.Message.Decibel < 0 && Interlocked.Increment(ref tries) > 0
            ? throw new ArgumentException("too quiet")
            : Task.CompletedTask;

        await using var host = await NoiseHost.StartAsync(
            kafka, topic, group, seen, (_, endpoint) => endpoint.UseMessageRetry(retry => retry.Immediate(2)));

        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 2, state: host.Log.ToString);
        Assert.Equal(3, tries);
        Assert.Equal([2], seen.Messages.Select(message => message.Decibel));
        var letter = Assert.Single(RawConsumer.Read(kafka, topic + ".dlq", 1)).Message;
        Assert.Equal("consumer_failed", Text(letter, DeadLetterHeaders.Reason));
        Assert.Equal("3", Text(letter, DeadLetterHeaders.Attempts));
        Assert.Equal("too quiet", Text(letter, DeadLetterHeaders.ExceptionMessage));
        Assert.EndsWith("NoiseConsumer", Text(letter, DeadLetterHeaders.Consumer), StringComparison.Ordinal);
        Assert.Equal("k"u8.ToArray(), letter.Key);
        Assert.Equal(1, instruments.DeadLetters("consumer_failed"));
    }

    [Fact]
    public async Task A_cancellation_that_is_the_consumers_own_is_a_failure_like_any_other()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, seen) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Seen());
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, NoiseHost.Json(1));
        seen.OnMessage = _ => throw new TaskCanceledException("a request took too long");

        await using var host = await NoiseHost.StartAsync(kafka, topic, group, seen);

        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 1, state: host.Log.ToString);
        var letter = Assert.Single(RawConsumer.Read(kafka, topic + ".dlq", 1)).Message;
        Assert.Contains("canceled by the consumer", Text(letter, DeadLetterHeaders.ExceptionMessage), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_consumer_takes_and_what_cannot_be_read_are_dead_letters_as_they_came()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, seen) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Seen());
        using var raw = new RawProducer(kafka);
        const string Warmth = """{"type":"warmth", "id":"00000000-0000-0000-0000-000000000001","device":"d","celsius":1.5}""";
        await raw.ProduceAsync(topic, Warmth);
        await raw.ProduceAsync(topic, "no JSON");
        await raw.ProduceAsync(topic, null, key: "tombstone");
        await raw.ProduceAsync(topic, NoiseHost.Json(1));

        await using var host = await NoiseHost.StartAsync(kafka, topic, group, seen);

        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 4, state: host.Log.ToString);
        Assert.Single(seen.Messages);
        var letters = RawConsumer.Read(kafka, topic + ".dlq", 3).ToDictionary(letter => Text(letter.Message, DeadLetterHeaders.Reason), letter => letter.Message);
        Assert.Equal(["malformed", "no_consumer", "null_value"], letters.Keys.Order());
        Assert.Equal(Warmth, Encoding.UTF8.GetString(letters["no_consumer"].Value));
        Assert.Equal("no JSON", Encoding.UTF8.GetString(letters["malformed"].Value));
        Assert.Null(letters["null_value"].Value);
    }

    [Fact]
    public async Task A_consumer_of_tombstones_gets_the_key_that_is_void()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, voided) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new TaskCompletionSource<string?>());
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, null, key: "device-7");

        await using var host = await NoiseHost.StartAsync(kafka, topic, group, new Seen(), (_, endpoint) =>
            endpoint.Handler<Tombstone>(context =>
            {
                voided.SetResult(context.GetKey<string>());
                return Task.CompletedTask;
            }));

        Assert.Equal("device-7", await voided.Task.WaitAsync(Eventually.DefaultDeadline));
        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 1);
        Assert.Empty(RawConsumer.Read(kafka, topic + ".dlq"));
    }

    [Fact]
    public async Task A_redelivery_is_delayed_in_memory_while_others_go_on_and_its_offset_waits_for_it()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, seen) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Seen());
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, NoiseHost.Json(-1));
        await raw.ProduceAsync(topic, NoiseHost.Json(2));
        var counts = new List<int>();
        seen.OnMessage = context =>
        {
            if (context.Message.Decibel > 0)
                return Task.CompletedTask;

            counts.Add(context.GetRedeliveryCount());
            return counts.Count < 3 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;
        };

        await using var host = await NoiseHost.StartAsync(
            kafka, topic, group, seen, (_, endpoint) => endpoint.UseDelayedRedelivery(retry => retry.Intervals(300, 300, 300)));

        await Eventually.TrueAsync(() => seen.Messages.Count == 1, state: host.Log.ToString);
        Assert.Equal([2], seen.Messages.Select(message => message.Decibel));
        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 2, state: host.Log.ToString);
        Assert.Equal([2, -1], seen.Messages.Select(message => message.Decibel));
        Assert.Equal([0, 1, 2], counts);
    }

    [EmbeddedKafkaFact]
    public async Task A_dead_letter_that_is_not_acknowledged_keeps_the_offset_and_is_tried_until_it_is()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var (topic, group, seen) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Seen());
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, "no JSON");
        broker.SetTopicError(topic + ".dlq", Confluent.Kafka.ErrorCode.TopicAuthorizationFailed);

        await using var host = await NoiseHost.StartAsync(kafka, topic, group, seen, (_, endpoint) =>
        {
            endpoint.RetryDelay = TimeSpan.FromMilliseconds(50);
            endpoint.MaxRetryDelay = TimeSpan.FromMilliseconds(200);
        });

        await Eventually.TrueAsync(() => host.Log.Lines.Any(line => line.Text.Contains("was refused", StringComparison.Ordinal)), state: host.Log.ToString);
        Assert.Null(await Groups.CommittedAsync(kafka, group, topic));
        broker.SetTopicError(topic + ".dlq", Confluent.Kafka.ErrorCode.NoError);
        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 1, state: host.Log.ToString);
        Assert.Single(RawConsumer.Read(kafka, topic + ".dlq", 1));
    }

    [EmbeddedKafkaFact]
    public async Task A_dead_letter_that_waits_for_its_topic_holds_no_place_of_the_endpoints_limit()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var (topic, seen) = (await kafka.CreateTopicAsync("readings", 2), new Seen());
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, "no JSON");
        broker.SetTopicError(topic + ".dlq", Confluent.Kafka.ErrorCode.TopicAuthorizationFailed);
        await using var host = await NoiseHost.StartAsync(kafka, topic, kafka.NewGroup(), seen, (_, endpoint) => endpoint.ConcurrentMessageLimit = 1);
        await Eventually.TrueAsync(() => host.Log.Lines.Any(line => line.Text.Contains("was refused", StringComparison.Ordinal)), state: host.Log.ToString);

        await raw.ProduceAsync(topic, NoiseHost.Json(1), partition: 1);

        await Eventually.TrueAsync(() => seen.Messages.Count == 1, state: host.Log.ToString);
    }

    [Fact]
    public async Task The_policy_Skip_passes_over_what_failed_and_counts_it()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, seen) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Seen());
        using var instruments = new Instruments("topic", topic);
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, "no JSON");
        await raw.ProduceAsync(topic, NoiseHost.Json(1));

        await using var host = await NoiseHost.StartAsync(
            kafka, topic, group, seen, (_, endpoint) => endpoint.FailurePolicy = FailurePolicy.Skip);

        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 2, state: host.Log.ToString);
        Assert.Single(seen.Messages);
        Assert.Empty(RawConsumer.Read(kafka, topic + ".dlq"));
        Assert.Equal(1, instruments.Skipped("malformed"));
        Assert.Contains(host.Log.Lines, line => line.Text.Contains("offset 0 was passed over: malformed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_policy_StopPartition_stops_before_what_failed_says_so_and_lets_other_partitions_go_on()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, seen) = (await kafka.CreateTopicAsync("readings", 2), kafka.NewGroup(), new Seen());
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, NoiseHost.Json(1));
        await raw.ProduceAsync(topic, NoiseHost.Json(-1));
        await raw.ProduceAsync(topic, NoiseHost.Json(2));
        seen.OnMessage = context => context.Message.Decibel < 0 ? throw new ArgumentException("too quiet") : Task.CompletedTask;
        await using (var host = await NoiseHost.StartAsync(
            kafka, topic, group, seen, (_, endpoint) => endpoint.FailurePolicy = FailurePolicy.StopPartition))
        {
            await Eventually.TrueAsync(() => host.Log.Lines.Any(line => line.Text.Contains("stopped before the message at offset 1", StringComparison.Ordinal)), state: host.Log.ToString);
            await raw.ProduceAsync(topic, NoiseHost.Json(3), partition: 1);
            await Eventually.TrueAsync(() => seen.Messages.Count == 2, state: host.Log.ToString);
            Assert.Equal(BusHealthStatus.Degraded, host.Bus.CheckHealth().Status);
        }

        Assert.Equal([1, 3], seen.Messages.Select(message => message.Decibel));
        Assert.Equal(1, await Groups.CommittedAsync(kafka, group, topic));
        Assert.Equal(1, await Groups.CommittedAsync(kafka, group, topic, 1));
        Assert.Empty(RawConsumer.Read(kafka, topic + ".dlq"));
    }

    [Fact]
    public async Task Filters_and_observers_of_MassTransit_see_what_is_consumed()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, seen) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Seen());
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, NoiseHost.Json(1));
        var filtered = 0;

        await using var host = await NoiseHost.StartAsync(kafka, topic, group, seen, (_, endpoint) =>
            endpoint.UseExecute(_ => Interlocked.Increment(ref filtered)));

        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 1, state: host.Log.ToString);
        Assert.Equal(1, filtered);
    }

    private static string Text(Confluent.Kafka.Message<byte[], byte[]> message, string header) => Encoding.UTF8.GetString(message.Headers.GetLastBytes(header));
}
