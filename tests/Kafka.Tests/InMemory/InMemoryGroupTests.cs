using IotBus.Testing;

namespace IotBus.Kafka.Tests;

public sealed class InMemoryGroupTests
{
    private readonly InMemoryKafka _kafka = new();

    [Fact]
    public async Task Every_group_gets_every_message()
    {
        var (one, other) = (new Seen(), new Recorder());
        await using var first = await NoiseHost.StartAsync(_kafka, "noises", "one", one);
        await using var second = await InMemoryReadings.StartAsync(_kafka, "noises", "other", other);

        for (var decibel = 0; decibel < 5; decibel++)
            _kafka.Topic("noises").AppendText(null, NoiseHost.Json(decibel));
        await _kafka.WhenConsumedAsync();

        Assert.Equal(Enumerable.Range(0, 5), one.Messages.Select(message => message.Decibel));
        Assert.Equal(Enumerable.Range(0, 5), other.Messages.Select(message => ((Noise)message.Message).Decibel));
    }

    [Fact]
    public async Task Members_of_a_group_share_its_partitions_and_who_stays_gets_those_of_who_leaves()
    {
        var (one, other, topic) = (new Seen(), new Seen(), _kafka.Topic("noises", partitions: 4));
        await using var stays = await NoiseHost.StartAsync(_kafka, "noises", "group", one);
        await using (await NoiseHost.StartAsync(_kafka, "noises", "group", other))
        {
            // Both are members when what is of no partition's owner yet is given out.
            await Eventually.TrueAsync(async () =>
            {
                topic.AppendText(null, NoiseHost.Json(0), partition: 1);
                await _kafka.WhenConsumedAsync();
                return other.Messages.Count > 0;
            });
            var (before, beforeOther) = (one.Messages.Count, other.Messages.Count);
            for (var partition = 0; partition < 4; partition++)
                topic.AppendText(null, NoiseHost.Json(partition), partition: partition);

            await _kafka.WhenConsumedAsync();
            Assert.Equal((2, 2), (one.Messages.Count - before, other.Messages.Count - beforeOther));
        }

        var (seen, seenByOther) = (one.Messages.Count, other.Messages.Count);
        for (var partition = 0; partition < 4; partition++)
            topic.AppendText(null, NoiseHost.Json(partition), partition: partition);
        await _kafka.WhenConsumedAsync();

        Assert.Equal(4, one.Messages.Count - seen);
        Assert.Equal(seenByOther, other.Messages.Count);
        Assert.Equal(topic.Records.Count, one.Messages.Count + other.Messages.Count);
    }

    [Fact]
    public async Task A_partition_goes_to_another_member_only_after_what_is_in_flight_has_ended()
    {
        var (one, other, gate) = (new Seen(), new Seen(), new TaskCompletionSource());
        var topic = _kafka.Topic("noises", partitions: 2);
        one.OnMessage = _ => gate.Task;
        await using var first = await NoiseHost.StartAsync(_kafka, "noises", "group", one);
        topic.AppendText(null, NoiseHost.Json(1), partition: 1);
        topic.AppendText(null, NoiseHost.Json(2), partition: 1);
        await Eventually.TrueAsync(() => one.MostAtOnce == 1, state: first.Log.ToString);

        await using var second = await NoiseHost.StartAsync(_kafka, "noises", "group", other);
        var taken = other.Messages.Count;
        await Eventually.TrueAsync(() => second.Bus.CheckHealth().Status == MassTransit.BusHealthStatus.Healthy, state: second.Log.ToString);
        gate.SetResult();
        await _kafka.WhenConsumedAsync();

        Assert.Equal(0, taken);
        Assert.Equal([1, 2], one.Messages.Concat(other.Messages).Select(message => message.Decibel));
        Assert.Equal(2, _kafka.Committed("group", "noises", partition: 1));
    }

    [Fact]
    public async Task A_host_that_is_started_anew_goes_on_where_the_last_one_stopped()
    {
        var seen = new Seen();
        await using (await NoiseHost.StartAsync(_kafka, "noises", "group", seen))
        {
            _kafka.Topic("noises").AppendText(null, NoiseHost.Json(1));
            await _kafka.WhenConsumedAsync();
        }

        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(2));
        await using var again = await NoiseHost.StartAsync(_kafka, "noises", "group", seen);
        await _kafka.WhenConsumedAsync();

        Assert.Equal([1, 2], seen.Messages.Select(message => message.Decibel));
    }

    [Fact]
    public async Task A_bus_that_is_stopped_and_started_again_goes_on()
    {
        var seen = new Seen();
        await using var host = await NoiseHost.StartAsync(_kafka, "noises", "group", seen);
        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(1));
        await _kafka.WhenConsumedAsync();

        await host.Bus.StopAsync();
        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(2));
        var before = _kafka.Committed("group", "noises");
        await host.Bus.StartAsync();
        await _kafka.WhenConsumedAsync();

        Assert.Equal(1, before);
        Assert.Equal([1, 2], seen.Messages.Select(message => message.Decibel));
    }

    [Fact]
    public async Task A_stop_waits_for_what_is_in_flight_and_commits_it()
    {
        var (seen, begun) = (new Seen(), new TaskCompletionSource());
        var end = new TaskCompletionSource();
        seen.OnMessage = _ =>
        {
            begun.TrySetResult();
            return end.Task;
        };
        await using var host = await NoiseHost.StartAsync(_kafka, "noises", "group", seen);
        _kafka.Topic("noises").AppendText("k", NoiseHost.Json(1));
        _kafka.Topic("noises").AppendText("k", NoiseHost.Json(2));
        await begun.Task.WaitAsync(Eventually.DefaultDeadline);

        var stop = host.Bus.StopAsync();
        Assert.False(stop.IsCompleted);
        end.SetResult();
        await stop.WaitAsync(Eventually.DefaultDeadline);

        // The second may have begun before the stop came to its partition.
        Assert.Equal(seen.Messages.Count, _kafka.Committed("group", "noises"));
        await using var again = await NoiseHost.StartAsync(_kafka, "noises", "group", seen);
        await _kafka.WhenConsumedAsync();
        Assert.Equal([1, 2], seen.Messages.Select(message => message.Decibel));
    }

    [Fact]
    public async Task What_does_not_end_within_the_bound_of_the_shutdown_is_cancelled_and_comes_again()
    {
        var (seen, begun) = (new Seen(), new TaskCompletionSource());
        seen.OnMessage = async context =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        };
        await using (var host = await NoiseHost.StartAsync(
            _kafka, "noises", "group", seen, (_, endpoint) => endpoint.ShutdownTimeout = TimeSpan.FromMilliseconds(50)))
        {
            _kafka.Topic("noises").AppendText(null, NoiseHost.Json(1));
            await begun.Task.WaitAsync(Eventually.DefaultDeadline);
        }

        Assert.Null(_kafka.Committed("group", "noises"));
        seen.OnMessage = _ => Task.CompletedTask;
        await using var again = await NoiseHost.StartAsync(_kafka, "noises", "group", seen);
        await _kafka.WhenConsumedAsync();
        Assert.Equal([1], seen.Messages.Select(message => message.Decibel));
        Assert.Empty(_kafka.Topic("noises.dlq").Records);
    }
}
