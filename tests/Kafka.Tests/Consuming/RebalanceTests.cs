using Confluent.Kafka;
using IotBus.Kafka.Embedded;
using IotBus.Testing;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka.Tests;

public sealed class RebalanceTests
{
    [Fact]
    public async Task Members_that_join_and_leave_under_load_lose_nothing_and_repeat_only_what_could_not_be_committed()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, recorder) = (await kafka.CreateTopicAsync("readings", 4), kafka.NewGroup(), new Recorder());
        recorder.OnBatch = async (_, _) => await Task.Yield();
        await using var sender = await ReadingsHost.ProducerAsync(kafka, topic);
        await using var stays = await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder, Small);
        using var done = new CancellationTokenSource();
        var sending = SendAsync(sender.Producer<string, Reading>(), recorder, done.Token);
        await Eventually.TrueAsync(() => recorder.Count > 100);

        await using (var joins = await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder, Small))
        {
            await Eventually.TrueAsync(() => Assignments(recorder) > 4, state: () => $"{stays.Log}\n{joins.Log}");
            var reached = recorder.Count;
            await Eventually.TrueAsync(() => recorder.Count > reached + 100);
        }

        var left = recorder.Count;
        await Eventually.TrueAsync(() => recorder.Count > left + 100);
        await done.CancelAsync();
        var sent = await sending;
        await Eventually.TrueAsync(
            () => recorder.Messages.Select(message => message.MessageId).Distinct().Count() == sent.Count, state: () => $"{recorder.Count} of {sent.Count}\n{stays.Log}");

        // The embedded broker refuses commits when a member joins just then, and on a busy machine its short sessions expire; the rider
        // says both.
        var refused = stays.Log.Lines.Any(line => line.Level == LogLevel.Warning);
        var applied = recorder.Messages.Select(message => message.MessageId).ToList();
        Assert.Equal(sent.Order(), applied.Distinct().Order());
        Assert.True(refused ? !kafka.IsReal : applied.Count == sent.Count, $"{applied.Count} for {sent.Count}\n{stays.Log}");
        foreach (var partition in recorder.Batches.GroupBy(batch => batch.Assignment))
        {
            var offsets = partition.SelectMany(batch => batch.Messages).Select(message => message.Offset).ToList();
            Assert.Equal(offsets.Order(), offsets);
        }
    }

    [EmbeddedKafkaFact]
    public async Task A_partition_that_is_lost_while_it_is_paused_cancels_its_token_at_once_and_everything_comes_again()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var (topic, group, recorder) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Recorder());
        using var instruments = new Instruments("group", group);
        using (var raw = new RawProducer(kafka))
            await Task.WhenAll(Enumerable.Range(0, 500).Select(n => raw.ProduceAsync(topic, $$"""{"type":"noise","id":"{{Guid.NewGuid()}}","device":"d","decibel":{{n}}}""")));

        var (inFlight, lost) = (new TaskCompletionSource<TopicAssignment>(), new TaskCompletionSource());
        recorder.OnBatch = async (batch, cancellationToken) =>
        {
            if (!inFlight.TrySetResult(batch.Assignment))
                return;

            cancellationToken.Register(() => lost.TrySetResult());
            await lost.Task;
        };
        await using var host = await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder, Small);
        var assignment = await inFlight.Task.WaitAsync(Eventually.DefaultDeadline);
        Assert.False(assignment.Lost.IsCancellationRequested);
        await Eventually.TrueAsync(() => instruments.Paused == 1);

        broker.FailRequests(KafkaRequest.Heartbeat, ErrorCode.UnknownMemberId);

        await lost.Task.WaitAsync(Eventually.DefaultDeadline);
        Assert.True(assignment.Lost.IsCancellationRequested);
        await Eventually.TrueAsync(async () => await Groups.CommittedAsync(kafka, group, topic) == 500, state: host.Log.ToString);
        Assert.Equal(
            Enumerable.Range(0, 500),
            recorder.Batches.Where(batch => batch.Assignment != assignment).SelectMany(batch => batch.Messages).Select(message => ((Noise)message.Message).Decibel));
    }

    [EmbeddedKafkaFact]
    public async Task While_the_coordinator_does_not_answer_the_time_since_the_last_poll_grows_though_polling_goes_on()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var (topic, recorder) = (await kafka.CreateTopicAsync("readings"), new Recorder());
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, """{"type":"noise","id":"00000000-0000-0000-0000-000000000001","device":"d","decibel":1}""");
        await using var host = await ReadingsHost.ConsumerAsync(kafka, topic, kafka.NewGroup(), recorder, endpoint => endpoint.SessionTimeout = TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(() => recorder.Count == 1);
        var assignment = recorder.Batches.Single().Assignment;
        Assert.True(assignment.SinceLastPoll < TimeSpan.FromSeconds(5));

        broker.SetRoundTripTime(TimeSpan.FromMinutes(1));

        await Eventually.TrueAsync(() => assignment.SinceLastPoll > TimeSpan.FromSeconds(5) && !assignment.Lost.IsCancellationRequested);
        broker.SetRoundTripTime(TimeSpan.Zero);
        broker.TakeDown();
        broker.BringUp();
        await Eventually.TrueAsync(() => assignment.Lost.IsCancellationRequested || assignment.SinceLastPoll < TimeSpan.FromSeconds(5));
    }

    private static int Assignments(Recorder recorder) => recorder.Batches.Select(batch => batch.Assignment).Distinct().Count();

    private static void Small(ITopicEndpointConfigurator<Reading> endpoint)
    {
        endpoint.MaxBatchSize = 20;
        endpoint.PrefetchCount = 100;
    }

    private static async Task<List<Guid>> SendAsync(ITopicProducer<string, Reading> producer, Recorder recorder, CancellationToken done)
    {
        List<Guid> sent = [];
        while (!done.IsCancellationRequested)
        {
            var readings = Enumerable.Range(0, 20).Select(n => Some.Warmth($"device-{n}")).ToList();
            await Task.WhenAll(readings.Select(reading => producer.Produce(reading.Device, reading, CancellationToken.None)));
            await Eventually.TrueAsync(() => recorder.Count > sent.Count - 1000);
            sent.AddRange(readings.Select(reading => reading.EventId));
        }

        return sent;
    }
}
