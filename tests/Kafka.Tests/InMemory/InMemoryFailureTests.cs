using IotBus.Testing;
using MassTransit;

namespace IotBus.Kafka.Tests;

public sealed class InMemoryFailureTests
{
    private readonly InMemoryKafka _kafka = new();
    private readonly Seen _seen = new() { OnMessage = context => context.Message.Decibel < 0 ? throw new ArgumentException("too quiet") : Task.CompletedTask };

    [Fact]
    public async Task With_retries_used_up_a_message_is_a_dead_letter_that_the_test_can_read_and_the_next_goes_on()
    {
        await using var host = await NoiseHost.StartAsync(
            _kafka, "noises", "group", _seen, (_, endpoint) => endpoint.UseMessageRetry(retry => retry.Immediate(2)));

        var bad = _kafka.Topic("noises").AppendText("k", NoiseHost.Json(-1));
        _kafka.Topic("noises").AppendText("k", NoiseHost.Json(2));
        await _kafka.WhenConsumedAsync();

        Assert.Equal([2], _seen.Messages.Select(message => message.Decibel));
        var letter = Assert.Single(_kafka.Topic("noises.dlq").Records);
        Assert.Equal(("k", bad.ValueText), (letter.KeyText, letter.ValueText));
        Assert.Equal("consumer_failed", letter.Header(DeadLetterHeaders.Reason));
        Assert.Equal("3", letter.Header(DeadLetterHeaders.Attempts));
        Assert.Equal("too quiet", letter.Header(DeadLetterHeaders.ExceptionMessage));
        Assert.Equal("0", letter.Header(DeadLetterHeaders.Offset));
    }

    [Fact]
    public async Task What_no_consumer_takes_and_what_cannot_be_read_are_dead_letters_as_they_came()
    {
        await using var host = await NoiseHost.StartAsync(_kafka, "noises", "group", _seen);

        _kafka.Topic("noises").AppendText(null, """{"type":"warmth","id":"00000000-0000-0000-0000-000000000001","device":"d","celsius":1.5}""");
        _kafka.Topic("noises").AppendText(null, "no JSON");
        _kafka.Topic("noises").AppendText("tombstone", null);
        await _kafka.WhenConsumedAsync();

        var letters = _kafka.Topic("noises.dlq").Records;
        Assert.Equal(["no_consumer", "malformed", "null_value"], letters.Select(letter => letter.Header(DeadLetterHeaders.Reason)));
        Assert.Equal(("no JSON", null), (letters[1].ValueText, letters[2].Value));
    }

    [Fact]
    public async Task A_consumer_of_tombstones_gets_the_key_that_is_void()
    {
        var voided = new TaskCompletionSource<string?>();
        await using var host = await NoiseHost.StartAsync(_kafka, "noises", "group", _seen, (_, endpoint) => endpoint.Handler<Tombstone>(context =>
        {
            voided.SetResult(context.GetKey<string>());
            return Task.CompletedTask;
        }));

        _kafka.Topic("noises").AppendText("device-7", null);

        Assert.Equal("device-7", await voided.Task.WaitAsync(Eventually.DefaultDeadline));
    }

    [Fact]
    public async Task A_redelivery_lets_others_pass_and_counts_as_not_consumed_until_it_is_done()
    {
        var tries = 0;
        _seen.OnMessage = context => context.Message.Decibel < 0 && ++tries < 3 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;
        await using var host = await NoiseHost.StartAsync(
            _kafka, "noises", "group", _seen, (_, endpoint) => endpoint.UseDelayedRedelivery(retry => retry.Intervals(50, 50)));

        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(-1));
        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(2));
        await _kafka.WhenConsumedAsync();

        Assert.Equal([2, -1], _seen.Messages.Select(message => message.Decibel));
        Assert.Equal(3, tries);
    }

    [Fact]
    public async Task A_partition_stops_before_a_message_that_fails_if_the_policy_says_so_and_the_wait_says_where()
    {
        await using var host = await NoiseHost.StartAsync(
            _kafka, "noises", "group", _seen, (_, endpoint) => endpoint.FailurePolicy = FailurePolicy.StopPartition);

        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(1));
        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(-1));
        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(2));
        await Eventually.TrueAsync(() => host.Bus.CheckHealth().Status == BusHealthStatus.Degraded, state: host.Log.ToString);
        var left = await Assert.ThrowsAsync<TimeoutException>(() => _kafka.WhenConsumedAsync(TimeSpan.FromMilliseconds(200)));

        Assert.Contains("noises[0] in group 'group' is at offset 1 of 3", left.Message, StringComparison.Ordinal);
        Assert.Equal([1], _seen.Messages.Select(message => message.Decibel));
    }

    [Fact]
    public async Task A_message_that_fails_is_passed_over_if_the_policy_says_so()
    {
        await using var host = await NoiseHost.StartAsync(_kafka, "noises", "group", _seen, (_, endpoint) => endpoint.FailurePolicy = FailurePolicy.Skip);

        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(-1));
        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(2));
        await _kafka.WhenConsumedAsync();

        Assert.Equal([2], _seen.Messages.Select(message => message.Decibel));
        Assert.DoesNotContain(_kafka.Topics, topic => topic.Name == "noises.dlq");
    }

    [Fact]
    public async Task While_the_dead_letter_topic_takes_nothing_the_offset_stays()
    {
        _kafka.Topic("noises.dlq").ProduceFailure = ProduceFailure.NotAcknowledged;
        await using var host = await NoiseHost.StartAsync(
            _kafka, "noises", "group", _seen, (_, endpoint) => endpoint.RetryDelay = TimeSpan.FromMilliseconds(10));
        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(-1));
        await Eventually.TrueAsync(() => host.Bus.CheckHealth().Status == BusHealthStatus.Degraded, state: host.Log.ToString);
        var before = (_kafka.Committed("group", "noises"), _kafka.Topic("noises.dlq").Records.Count);

        _kafka.Topic("noises.dlq").ProduceFailure = null;
        await _kafka.WhenConsumedAsync();

        Assert.Equal((null, 0), before);
        Assert.Single(_kafka.Topic("noises.dlq").Records);
        Assert.Equal(1, _kafka.Committed("group", "noises"));
    }

    [Fact]
    public async Task A_failing_batch_is_halved_until_the_message_that_fails_is_put_aside_and_the_rest_is_applied()
    {
        var recorder = new Recorder
        {
            OnBatch = (batch, _) => batch.Messages.Any(message => ((Noise)message.Message).Decibel < 0) ? throw new ArgumentException("too quiet") : Task.CompletedTask,
        };
        for (var decibel = 0; decibel < 16; decibel++)
            _kafka.Topic("readings").AppendText(null, NoiseHost.Json(decibel == 11 ? -1 : decibel));

        await using var host = await InMemoryReadings.StartAsync(_kafka, "readings", "group", recorder, endpoint =>
        {
            endpoint.BatchAttempts = 2;
            endpoint.RetryDelay = TimeSpan.FromMilliseconds(1);
        });
        await _kafka.WhenConsumedAsync();

        Assert.Equal(Enumerable.Range(0, 16).Where(n => n != 11), recorder.Messages.Select(message => ((Noise)message.Message).Decibel));
        Assert.Equal("11", Assert.Single(_kafka.Topic("readings.dlq").Records).Header(DeadLetterHeaders.Offset));
    }
}
