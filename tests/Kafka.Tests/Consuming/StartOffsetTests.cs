using Confluent.Kafka;
using IotBus.Kafka.Embedded;
using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

public sealed class StartOffsetTests
{
    [Fact]
    public async Task An_endpoint_with_an_offset_begins_there_whatever_is_committed()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group) = (await kafka.CreateTopicAsync("noises"), kafka.NewGroup());
        await ConsumeAsync(kafka, topic, group, produce: 4, seen: 4);

        var seen = await ConsumeAsync(kafka, topic, group, produce: 1, seen: 3, offset: 2);

        Assert.Equal([2, 3, 0], seen.Messages.Select(message => message.Decibel));
        Assert.Equal(5, await Groups.CommittedAsync(kafka, group, topic));
    }

    [Fact]
    public async Task The_beginning_and_the_end_may_be_named()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group) = (await kafka.CreateTopicAsync("noises"), kafka.NewGroup());
        await ConsumeAsync(kafka, topic, group, produce: 3, seen: 3);

        var again = await ConsumeAsync(kafka, topic, group, produce: 0, seen: 3, offset: Offset.Beginning);
        Assert.Equal([0, 1, 2], again.Messages.Select(message => message.Decibel));

        var late = new Seen();
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, NoiseHost.Json(70));
        await using var host = await NoiseHost.StartAsync(kafka, topic, kafka.NewGroup(), late, (_, endpoint) => endpoint.Offset = Offset.End);
        await Eventually.TrueAsync(
            async () =>
            {
                await raw.ProduceAsync(topic, NoiseHost.Json(80));
                return late.Messages.Count > 0;
            },
            state: host.Log.ToString);
        Assert.All(late.Messages, message => Assert.Equal(80, message.Decibel));
    }

    [Fact]
    public async Task A_partition_that_comes_back_goes_on_where_it_was()
    {
        var (kafka, stays, comes) = (new InMemoryKafka(), new Seen(), new Seen());
        var topic = kafka.Topic("noises", partitions: 2);
        for (var partition = 0; partition < 2; partition++)
            topic.AppendText(null, NoiseHost.Json(partition), partition: partition);
        await using var host = await NoiseHost.StartAsync(kafka, "noises", "group", stays, (_, endpoint) => endpoint.Offset = 0);
        await kafka.WhenConsumedAsync();

        await using (await NoiseHost.StartAsync(kafka, "noises", "group", comes))
        {
            await Eventually.TrueAsync(async () =>
            {
                topic.AppendText(null, NoiseHost.Json(9), partition: 1);
                await kafka.WhenConsumedAsync();
                return comes.Messages.Count > 0;
            });
        }

        topic.AppendText(null, NoiseHost.Json(5), partition: 1);
        await kafka.WhenConsumedAsync();

        Assert.Equal(topic.Records.Count, stays.Messages.Count + comes.Messages.Count);
    }

    [EmbeddedKafkaFact]
    public async Task A_partition_that_is_lost_before_its_first_commit_begins_there_again()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group) = (await kafka.CreateTopicAsync("noises"), kafka.NewGroup());
        await ConsumeAsync(kafka, topic, group, produce: 4, seen: 4);
        var (seen, inHand, lost) = (new Seen(), new TaskCompletionSource(), new TaskCompletionSource());
        seen.OnMessage = context =>
        {
            context.CancellationToken.Register(() => lost.TrySetResult());
            inHand.TrySetResult();
            return lost.Task;
        };
        await using var host = await NoiseHost.StartAsync(kafka, topic, group, seen, (_, endpoint) => endpoint.Offset = 1);
        await inHand.Task.WaitAsync(Eventually.DefaultDeadline);

        OnlyEmbedded.Faults(kafka).FailRequests(KafkaRequest.Heartbeat, ErrorCode.UnknownMemberId);

        await Eventually.TrueAsync(() => seen.Messages.Select(message => message.Decibel).Distinct().Count() == 3, state: host.Log.ToString);
        Assert.Equal([1, 2, 3], seen.Messages.Select(message => message.Decibel).Distinct().Order());
        Assert.Contains(host.Log.Lines, line => line.Text.Contains(": lost ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Kafka_in_memory_begins_there_too()
    {
        var (kafka, first, again) = (new InMemoryKafka(), new Seen(), new Seen());
        for (var decibel = 0; decibel < 3; decibel++)
            kafka.Topic("noises").AppendText(null, NoiseHost.Json(decibel));
        await using (await NoiseHost.StartAsync(kafka, "noises", "group", first))
            await kafka.WhenConsumedAsync();

        await using var host = await NoiseHost.StartAsync(kafka, "noises", "group", again, (_, endpoint) => endpoint.Offset = 1);

        await Eventually.TrueAsync(() => again.Messages.Count == 2);
        Assert.Equal([1, 2], again.Messages.Select(message => message.Decibel));
    }

    /// <summary>Starts an endpoint, lets it see so many, and stops it, which commits them.</summary>
    private static async Task<Seen> ConsumeAsync(KafkaServer kafka, string topic, string group, int produce, int seen, long? offset = null)
    {
        using var raw = new RawProducer(kafka);
        for (var decibel = 0; decibel < produce; decibel++)
            await raw.ProduceAsync(topic, NoiseHost.Json(decibel));

        var consumer = new Seen();
        await using var host = await NoiseHost.StartAsync(kafka, topic, group, consumer, (_, endpoint) => endpoint.Offset = offset);
        await Eventually.TrueAsync(() => consumer.Messages.Count >= seen, state: host.Log.ToString);
        return consumer;
    }
}
