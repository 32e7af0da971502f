using IotBus.Testing;

namespace IotBus.Kafka.Tests;

public sealed class ShutdownTests
{
    [Fact]
    public async Task A_stop_lets_the_batch_in_flight_end_and_commits_it_so_that_the_next_start_sees_nothing_twice()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, recorder) = (await kafka.CreateTopicAsync("readings", 2), kafka.NewGroup(), new Recorder());
        await using (var sender = await ReadingsHost.ProducerAsync(kafka, topic))
            await Task.WhenAll(Enumerable.Range(0, 1000).Select(n => sender.Producer<string, Reading>().Produce($"device-{n % 20}", Some.Warmth($"device-{n % 20}"))));

        var (inFlight, stopping) = (new TaskCompletionSource(), new TaskCompletionSource());
        recorder.OnBatch = async (batch, _) =>
        {
            if (batch.FirstOffset < 20)
                return;

            inFlight.TrySetResult();
            await stopping.Task;
        };

        // Nothing but the stop itself commits within this test.
        var first = await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder, endpoint =>
        {
            endpoint.MaxBatchSize = 10;
            endpoint.PrefetchCount = 50;
            endpoint.CheckpointInterval = TimeSpan.FromMinutes(1);
        });
        await inFlight.Task.WaitAsync(Eventually.DefaultDeadline);
        var stop = first.DisposeAsync();
        stopping.SetResult();
        await stop;
        var before = recorder.Count;
        Assert.InRange(before, 10, 999);

        recorder.OnBatch = (_, _) => Task.CompletedTask;
        await using var second = await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder);

        await Eventually.TrueAsync(() => recorder.Count >= 1000);
        Assert.Equal(1000, recorder.Messages.Select(message => message.MessageId).Distinct().Count());
        Assert.Equal(1000, recorder.Count);
    }

    [Fact]
    public async Task A_batch_that_does_not_end_within_the_bound_is_cancelled_and_comes_again()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, recorder) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Recorder());
        using (var raw = new RawProducer(kafka))
            await raw.ProduceAsync(topic, """{"type":"noise","id":"00000000-0000-0000-0000-000000000001","device":"d","decibel":1}""");

        var (inFlight, cancelled) = (new TaskCompletionSource<TopicAssignment>(), new TaskCompletionSource());
        recorder.OnBatch = async (batch, cancellationToken) =>
        {
            inFlight.TrySetResult(batch.Assignment);
            cancellationToken.Register(() => cancelled.TrySetResult());
            await cancelled.Task;
            throw new OperationCanceledException(cancellationToken);
        };
        var first = await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder, endpoint => endpoint.ShutdownTimeout = TimeSpan.FromMilliseconds(300));
        var assignment = await inFlight.Task.WaitAsync(Eventually.DefaultDeadline);

        await first.DisposeAsync();

        await cancelled.Task.WaitAsync(Eventually.DefaultDeadline);
        Assert.True(assignment.Lost.IsCancellationRequested);
        Assert.Null(await Groups.CommittedAsync(kafka, group, topic));
        recorder.OnBatch = (_, _) => Task.CompletedTask;
        await using var second = await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder);
        await Eventually.TrueAsync(() => recorder.Count == 1);
    }

    [Fact]
    public async Task A_consumer_that_ignores_its_cancellation_delays_the_stop_by_one_bound_and_the_group_is_left()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, recorder) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Recorder());
        using (var raw = new RawProducer(kafka))
            await raw.ProduceAsync(topic, """{"type":"noise","id":"00000000-0000-0000-0000-000000000001","device":"d","decibel":1}""");

        var (inFlight, never) = (new TaskCompletionSource<TopicAssignment>(), new TaskCompletionSource());
        recorder.OnBatch = (batch, _) =>
        {
            inFlight.TrySetResult(batch.Assignment);
            return never.Task;
        };
        var first = await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder, endpoint => endpoint.ShutdownTimeout = TimeSpan.FromSeconds(3));
        var assignment = await inFlight.Task.WaitAsync(Eventually.DefaultDeadline);

        await first.DisposeAsync();

        Assert.True(assignment.Lost.IsCancellationRequested);
        Assert.Single(first.Log.Lines, line => line.Text.Contains("did not end within 3 s", StringComparison.Ordinal));
        Assert.Contains(first.Log.Lines, line => line.Text.Contains("gave away", StringComparison.Ordinal));
        Assert.DoesNotContain(first.Log.Lines, line => line.Text.Contains("did not close in time", StringComparison.Ordinal));
        never.SetResult();
    }
}
