using System.Collections.Concurrent;
using Confluent.Kafka;
using IotBus.Kafka.Embedded;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

/// <summary>What <see cref="ITopicEndpointConfigurator.SetOffsetsCommittedHandler"/> and <c>SetStatisticsHandler</c> are told.</summary>
public sealed class OffsetsCommittedTests
{
    private readonly ConcurrentQueue<CommittedOffsets> _commits = new();
    private readonly Seen _seen = new();

    [Fact]
    public async Task The_handler_is_told_of_commits_by_the_interval()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await TopicWithAsync(kafka, messages: 3);

        await using var host = await NoiseHost.StartAsync(kafka, topic, kafka.NewGroup(), _seen, (_, endpoint) =>
            endpoint.SetOffsetsCommittedHandler(_commits.Enqueue));

        await Eventually.TrueAsync(() => Offsets().Contains(3), state: host.Log.ToString);
    }

    [Fact]
    public async Task The_handler_is_told_of_commits_by_the_count()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await TopicWithAsync(kafka, messages: 3);

        await using var host = await StartAsync(kafka, topic, count: 3);

        await Eventually.TrueAsync(() => Offsets().Contains(3), state: host.Log.ToString);
    }

    [Fact]
    public async Task The_handler_is_told_of_the_commit_of_a_stop()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await TopicWithAsync(kafka, messages: 3);
        await using (var host = await StartAsync(kafka, topic))
        {
            await Eventually.TrueAsync(() => _seen.Messages.Count == 3, state: host.Log.ToString);
            Assert.DoesNotContain(3, Offsets());
        }

        Assert.Contains(3, Offsets());
    }

    [EmbeddedKafkaFact]
    public async Task The_handler_is_told_of_a_commit_that_failed()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await TopicWithAsync(kafka, messages: 1);
        kafka.Embedded!.FailRequests(KafkaRequest.OffsetCommit, ErrorCode.TopicAuthorizationFailed);

        await using var host = await NoiseHost.StartAsync(kafka, topic, kafka.NewGroup(), _seen, (_, endpoint) =>
            endpoint.SetOffsetsCommittedHandler(_commits.Enqueue));

        await Eventually.TrueAsync(
            () => _commits.Any(commit => commit.Offsets.Any(offset => offset.Error.Code == ErrorCode.TopicAuthorizationFailed)),
            state: host.Log.ToString);
    }

    [EmbeddedKafkaFact]
    public async Task The_handler_is_told_once_of_a_commit_by_the_count_that_failed()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await TopicWithAsync(kafka, messages: 3);
        kafka.Embedded!.FailRequests(KafkaRequest.OffsetCommit, ErrorCode.TopicAuthorizationFailed);
        await using var host = await StartAsync(kafka, topic, count: 3);
        await Eventually.TrueAsync(() => Refused().Any(), state: host.Log.ToString);

        using var raw = new RawProducer(kafka);
        for (var decibel = 0; decibel < 3; decibel++)
            await raw.ProduceAsync(topic, NoiseHost.Json(decibel));

        await Eventually.TrueAsync(() => Offsets().Contains(6), state: host.Log.ToString);
        Assert.Equal([3], Refused());
    }

    [EmbeddedKafkaFact]
    public async Task The_handler_is_told_of_a_commit_of_a_stop_that_failed()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await TopicWithAsync(kafka, messages: 3);
        await using (var host = await StartAsync(kafka, topic))
        {
            await Eventually.TrueAsync(() => _seen.Messages.Count == 3, state: host.Log.ToString);
            kafka.Embedded!.FailRequests(KafkaRequest.OffsetCommit, ErrorCode.TopicAuthorizationFailed);
        }

        Assert.Equal([3], Refused());
    }

    [Fact]
    public async Task What_the_handlers_throw_is_logged_and_stops_nothing()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group) = (await TopicWithAsync(kafka, messages: 1), kafka.NewGroup());
        await using var host = await NoiseHost.StartAsync(kafka, topic, group, _seen, (_, endpoint) =>
        {
            endpoint.SetOffsetsCommittedHandler(_ => throw new InvalidOperationException("not my commit"));
            endpoint.SetStatisticsHandler(_ => throw new InvalidOperationException("not my number"));
        });
        await Eventually.TrueAsync(() => host.Log.ToString().Contains("not my commit", StringComparison.Ordinal), state: host.Log.ToString);
        await Eventually.TrueAsync(() => host.Log.ToString().Contains("not my number", StringComparison.Ordinal), state: host.Log.ToString);

        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, NoiseHost.Json(2));

        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 2, state: host.Log.ToString);
    }

    [Fact]
    public async Task The_statistics_are_those_of_the_endpoints_client()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, statistics) = (await TopicWithAsync(kafka, messages: 1), new ConcurrentQueue<string>());

        await using var host = await NoiseHost.StartAsync(kafka, topic, kafka.NewGroup(), _seen, (_, endpoint) =>
            endpoint.SetStatisticsHandler(statistics.Enqueue));

        await Eventually.TrueAsync(
            () => statistics.Any(json => json.Contains($"\"{topic}\"", StringComparison.Ordinal) && ConsumerStatistics.Parse(json).Steady),
            state: host.Log.ToString);
    }

    private IEnumerable<long> Offsets() => _commits.SelectMany(commit => commit.Offsets).Where(offset => !offset.Error.IsError).Select(offset => offset.Offset.Value);

    private IEnumerable<long> Refused() => _commits.SelectMany(commit => commit.Offsets)
        .Where(offset => offset.Error.Code == ErrorCode.TopicAuthorizationFailed)
        .Select(offset => offset.Offset.Value);

    /// <summary>An endpoint that commits after so many messages, or else only when it stops.</summary>
    private Task<RiderHost> StartAsync(KafkaServer kafka, string topic, int? count = null) =>
        NoiseHost.StartAsync(kafka, topic, kafka.NewGroup(), _seen, (_, endpoint) =>
        {
            endpoint.CheckpointInterval = TimeSpan.FromMinutes(1);
            endpoint.CheckpointMessageCount = count ?? endpoint.CheckpointMessageCount;
            endpoint.SetOffsetsCommittedHandler(_commits.Enqueue);
        });

    private static async Task<string> TopicWithAsync(KafkaServer kafka, int messages)
    {
        var topic = await kafka.CreateTopicAsync("noises");
        using var raw = new RawProducer(kafka);
        for (var decibel = 0; decibel < messages; decibel++)
            await raw.ProduceAsync(topic, NoiseHost.Json(decibel));

        return topic;
    }
}
