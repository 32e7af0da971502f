using System.Diagnostics;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

public sealed class PauseTests
{
    [Fact]
    public async Task A_slow_partition_is_paused_while_polling_goes_on_so_that_the_group_keeps_the_member_and_the_lag_is_told()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, recorder) = (await kafka.CreateTopicAsync("readings", 2), kafka.NewGroup(), new Recorder());
        using var instruments = new Instruments("group", group);
        using var raw = new RawProducer(kafka);
        var patience = TimeSpan.FromSeconds(6);
        var release = new TaskCompletionSource();
        recorder.OnBatch = (batch, _) => batch.Partition == 0 ? release.Task : Task.CompletedTask;
        await using var host = await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder, endpoint =>
        {
            endpoint.MaxBatchSize = 10;
            endpoint.PrefetchCount = 20;
            endpoint.SessionTimeout = patience;

            // A poll that waited for the consumer would miss this, and the client would leave the group.
            endpoint.ConfigureClient = config => config.MaxPollIntervalMs = (int)patience.TotalMilliseconds;
        });
        await Task.WhenAll(Enumerable.Range(0, 200).Select(n => raw.ProduceAsync(topic, Noise(n), partition: 0)));

        var blocked = Stopwatch.StartNew();
        var others = 0;
        await Eventually.TrueAsync(async () =>
        {
            await raw.ProduceAsync(topic, Noise(1000 + others++), partition: 1);
            return blocked.Elapsed > patience * 1.3 && instruments.Lag(0) == 200 && instruments.Paused == 1;
        });
        await Eventually.TrueAsync(() => recorder.Count == others);
        Assert.All(recorder.Batches, batch => Assert.True(batch.Assignment.SinceLastPoll < patience / 2));
        release.SetResult();

        await Eventually.TrueAsync(() => recorder.Count == 200 + others);
        Assert.Equal(2, recorder.Batches.Select(batch => batch.Assignment).Distinct().Count());
        Assert.Equal(
            Enumerable.Range(0, 200),
            recorder.Batches.Where(batch => batch.Assignment.Partition == 0).SelectMany(batch => batch.Messages).Select(message => ((Noise)message.Message).Decibel));
        await Eventually.TrueAsync(() => instruments.Lag(0) == 0 && instruments.Lag(1) == 0 && instruments.Paused == 0);
    }

    [Fact]
    public async Task Large_messages_pause_their_partition_by_their_bytes_and_all_of_them_are_consumed_in_the_end()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, recorder) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Recorder());
        using var instruments = new Instruments("group", group);
        using var raw = new RawProducer(kafka);
        var release = new TaskCompletionSource();
        recorder.OnBatch = (_, _) => release.Task;
        await using var host = await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder, endpoint => endpoint.PrefetchBytes = 100_000);
        var padding = new string(' ', 20_000);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(n => raw.ProduceAsync(topic, Noise(n) + padding)));

        await Eventually.TrueAsync(() => instruments.Paused == 1, state: host.Log.ToString);
        release.SetResult();

        await Eventually.TrueAsync(() => recorder.Count == 50, state: host.Log.ToString);
        Assert.Equal(Enumerable.Range(0, 50), recorder.Messages.Select(message => ((Noise)message.Message).Decibel));
    }

    private static string Noise(int n) => $$"""{"type":"noise","id":"{{Guid.NewGuid()}}","device":"d","decibel":{{n}}}""";
}
