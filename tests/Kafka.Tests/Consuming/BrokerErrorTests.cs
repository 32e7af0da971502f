using Confluent.Kafka;
using IotBus.Kafka.Embedded;
using IotBus.Testing;
using MassTransit;

namespace IotBus.Kafka.Tests;

/// <summary>What brokers answer when they are restarted, move partitions or rebalance: nothing is lost, and the offsets are committed in the end.</summary>
public sealed class BrokerErrorTests
{
    private const int Messages = 300;

    [EmbeddedKafkaTheory]
    [InlineData(KafkaRequest.Fetch, ErrorCode.NotLeaderForPartition, ErrorCode.LeaderNotAvailable, ErrorCode.ReplicaNotAvailable, ErrorCode.Unknown)]
    [InlineData(KafkaRequest.Fetch, ErrorCode.UnknownTopicOrPart, ErrorCode.BrokerNotAvailable)]
    [InlineData(KafkaRequest.OffsetCommit, ErrorCode.NotCoordinatorForGroup, ErrorCode.GroupCoordinatorNotAvailable, ErrorCode.GroupLoadInProgress)]
    [InlineData(KafkaRequest.OffsetCommit, ErrorCode.RequestTimedOut, ErrorCode.UnknownTopicOrPart)]
    [InlineData(KafkaRequest.OffsetCommit, ErrorCode.RebalanceInProgress, ErrorCode.IllegalGeneration)]
    [InlineData(KafkaRequest.OffsetCommit, ErrorCode.UnknownMemberId)]
    [InlineData(KafkaRequest.JoinGroup, ErrorCode.GroupCoordinatorNotAvailable, ErrorCode.NotCoordinatorForGroup, ErrorCode.GroupLoadInProgress)]
    [InlineData(KafkaRequest.JoinGroup, ErrorCode.UnknownMemberId, ErrorCode.RebalanceInProgress)]
    [InlineData(KafkaRequest.SyncGroup, ErrorCode.NotCoordinatorForGroup, ErrorCode.RebalanceInProgress, ErrorCode.IllegalGeneration)]
    [InlineData(KafkaRequest.Heartbeat, ErrorCode.NotCoordinatorForGroup, ErrorCode.IllegalGeneration, ErrorCode.UnknownMemberId)]
    [InlineData(KafkaRequest.OffsetFetch, ErrorCode.NotCoordinatorForGroup, ErrorCode.GroupLoadInProgress)]
    [InlineData(KafkaRequest.OffsetFetch, ErrorCode.GroupCoordinatorNotAvailable)]
    [InlineData(KafkaRequest.OffsetFetch, ErrorCode.UnknownMemberId)]
    [InlineData(KafkaRequest.OffsetFetch, ErrorCode.RequestTimedOut)]
    [InlineData(KafkaRequest.ListOffsets, ErrorCode.NotLeaderForPartition, ErrorCode.LeaderNotAvailable)]
    [InlineData(KafkaRequest.FindCoordinator, ErrorCode.GroupCoordinatorNotAvailable, ErrorCode.GroupLoadInProgress)]
    public async Task Whatever_a_broker_answers_for_a_time_every_message_is_applied_and_committed(KafkaRequest request, params ErrorCode[] errors)
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var (topic, group, seen) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Seen());
        using var raw = new RawProducer(kafka);
        broker.FailRequests(request, errors);
        await using var host = await NoiseHost.StartAsync(kafka, topic, group, seen, (_, endpoint) => endpoint.CheckpointInterval = TimeSpan.FromMilliseconds(100));

        for (var n = 0; n < Messages; n++)
        {
            await raw.ProduceAsync(topic, NoiseHost.Json(n));
            if (n == Messages / 2)
            {
                await Eventually.TrueAsync(() => seen.Messages.Count > 0, state: host.Log.ToString);
                broker.FailRequests(request, errors);
            }
        }

        broker.StopFailing(request);
        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == Messages, state: host.Log.ToString);
        Assert.Equal(Enumerable.Range(0, Messages), seen.Messages.Select(message => message.Decibel).Distinct().Order());
    }

    [EmbeddedKafkaFact]
    public async Task A_client_that_cannot_be_made_anew_is_told_of_and_tried_again()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, seen, made) = (await kafka.CreateTopicAsync("readings"), new Seen(), 0);
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, NoiseHost.Json(1));

        // The first client loses its offsets and is replaced; what the next one would need is gone for a while.
        OnlyEmbedded.Faults(kafka).FailRequests(KafkaRequest.OffsetFetch, ErrorCode.UnknownMemberId);
        await using var host = await NoiseHost.StartAsync(kafka, topic, kafka.NewGroup(), seen, (_, endpoint) => endpoint.ConfigureClient = client =>
        {
            if (client.BootstrapServers is not null && ++made == 2)
                client.Set("no.such.setting", "1");
        });

        await Eventually.TrueAsync(() => seen.Messages.Count == 1, state: host.Log.ToString);
        Assert.Contains("No consumer could be made: librdkafka refuses the settings", host.Log.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, made);
    }

    [EmbeddedKafkaFact]
    public async Task A_member_without_partitions_is_well_again_when_its_client_was_replaced()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup());
        await using var first = await NoiseHost.StartAsync(kafka, topic, group, new Seen());
        await Eventually.TrueAsync(() => first.Bus.CheckHealth().Status == BusHealthStatus.Healthy, state: first.Log.ToString);
        OnlyEmbedded.Faults(kafka).FailRequests(KafkaRequest.JoinGroup, ErrorCode.FencedInstanceId);

        // The topic's only partition is the first one's.
        await using var second = await NoiseHost.StartAsync(kafka, topic, group, new Seen());

        await Eventually.TrueAsync(() => second.Log.ToString().Contains(nameof(ErrorCode.FencedInstanceId), StringComparison.Ordinal), state: second.Log.ToString);
        await Eventually.TrueAsync(() => second.Bus.CheckHealth().Status == BusHealthStatus.Healthy, state: second.Log.ToString);
    }
}
