using System.Diagnostics;
using IotBus.Testing;
using MassTransit;

namespace IotBus.Kafka.Tests;

public sealed class ProduceFailureTests
{
    [EmbeddedKafkaFact]
    public async Task A_message_is_acknowledged_by_the_broker_or_fails_within_the_delivery_timeout_and_one_that_waited_out_the_outage_is_there_once()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var topic = await kafka.CreateTopicAsync("readings");
        await using var patient = await ReadingsHost.ProducerAsync(kafka, topic);
        await using var hasty = await ReadingsHost.ProducerAsync(kafka, topic, k => k.ConfigureProducer(producer => producer.DeliveryTimeout = TimeSpan.FromSeconds(1)));
        await patient.Producer<string, Reading>().Produce("a", Some.Warmth("before"));
        await hasty.Producer<string, Reading>().Produce("a", Some.Warmth("before"));

        broker.TakeDown();
        var waits = patient.Producer<string, Reading>().Produce("a", Some.Warmth("waits"));
        var failure = await Assert.ThrowsAsync<TopicProduceException>(() => hasty.Producer<string, Reading>().Produce("a", Some.Warmth("fails")));

        Assert.Equal((topic, ProduceFailure.NotAcknowledged), (failure.Topic, failure.Failure));
        Assert.Contains(kafka.BootstrapServers, failure.Message, StringComparison.Ordinal);
        Assert.False(waits.IsCompleted);
        Assert.Single(patient.Log.Lines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Warning && line.Text.Contains(kafka.BootstrapServers, StringComparison.Ordinal));
        broker.BringUp();
        await waits.WaitAsync(Eventually.DefaultDeadline);
        await hasty.Producer<string, Reading>().Produce("a", Some.Warmth("after"));
        Assert.Equal(
            ["after", "before", "before", "waits"],
            RawConsumer.Read(kafka, topic, 4).Select(message => System.Text.Json.JsonDocument.Parse(message.Message.Value).RootElement.GetProperty("device").GetString()).Order());
    }

    [EmbeddedKafkaFact]
    public async Task When_the_queue_is_full_a_message_fails_at_once_and_those_in_the_queue_are_kept()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await ReadingsHost.ProducerAsync(kafka, topic, k => k.ConfigureProducer(producer => producer.MaxQueuedMessages = 10));
        var producer = host.Producer<string, Reading>();
        broker.TakeDown();

        var queued = Enumerable.Range(0, 10).Select(_ => producer.Produce("a", Some.Warmth())).ToList();
        var refused = producer.Produce("a", Some.Warmth());

        Assert.True(refused.IsFaulted);
        Assert.Equal(ProduceFailure.QueueFull, (await Assert.ThrowsAsync<TopicProduceException>(() => refused)).Failure);
        broker.BringUp();
        await Task.WhenAll(queued).WaitAsync(Eventually.DefaultDeadline);
        Assert.Equal(10, RawConsumer.Read(kafka, topic, 10).Count);
    }

    [Fact]
    public async Task A_message_that_is_too_large_is_refused_and_the_next_one_is_not()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await ReadingsHost.ProducerAsync(kafka, topic, k => k.ConfigureProducer(producer => producer.MaxMessageBytes = 2000));
        var producer = host.Producer<string, Reading>();

        var failure = await Assert.ThrowsAsync<TopicProduceException>(() => producer.Produce("a", Some.Warmth(new string('x', 2000))));
        await producer.Produce("a", Some.Warmth());

        Assert.Equal(ProduceFailure.Refused, failure.Failure);
        Assert.Single(RawConsumer.Read(kafka, topic, 1));
    }

    [Fact]
    public async Task A_type_that_the_JSON_context_does_not_know_is_named()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await ReadingsHost.ProducerAsync(kafka, topic);

        var exception = await Assert.ThrowsAsync<NotSupportedException>(() => host.Producer<string, Reading>().Produce("a", new Smell { EventId = Guid.NewGuid(), Device = "a" }));

        Assert.Contains("ReadingsJsonContext does not know IotBus.Kafka.Tests.ProduceFailureTests+Smell", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_fails_before_the_broker_fails_the_task_and_not_the_call_with_a_pipe_and_without()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await ReadingsHost.ProducerAsync(kafka, topic);
        var (producer, unknown) = (host.Producer<string, Reading>(), new Smell { EventId = Guid.NewGuid(), Device = "a" });

        var direct = producer.Produce("a", unknown);
        var piped = producer.Produce("a", unknown, Pipe.Empty<KafkaSendContext<string, Reading>>());

        await Assert.ThrowsAsync<NotSupportedException>(() => direct);
        await Assert.ThrowsAsync<NotSupportedException>(() => piped);
    }

    [Fact]
    public async Task A_delivery_timeout_that_is_set_as_librdkafkas_is_the_one_that_is_told()
    {
        Librdkafka.EnsureLoaded();
        using var producer = Producers.Start(
            new Confluent.Kafka.ClientConfig { BootstrapServers = "127.0.0.1:1" }, new ProducerSettings { Configure = config => config.MessageTimeoutMs = 200 });

        var failure = await Assert.ThrowsAsync<TopicProduceException>(
            () => producer.Produce("readings", Producers.Message(value: [1])).WaitAsync(Eventually.DefaultDeadline));

        Assert.Contains("within 0.2 s", failure.Message, StringComparison.Ordinal);
    }

    [EmbeddedKafkaFact]
    public async Task Injected_errors_of_the_broker_are_tried_again_and_the_order_stays()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await ReadingsHost.ProducerAsync(kafka, topic);
        var producer = host.Producer<string, Reading>();
        broker.FailRequests(
            Embedded.KafkaRequest.Produce,
            Confluent.Kafka.ErrorCode.NotLeaderForPartition,
            Confluent.Kafka.ErrorCode.RequestTimedOut,
            Confluent.Kafka.ErrorCode.NotEnoughReplicas);
        var started = Stopwatch.GetTimestamp();

        await Task.WhenAll(Enumerable.Range(0, 500).Select(n => producer.Produce("a", Some.Warmth("a", n)))).WaitAsync(Eventually.DefaultDeadline);

        Assert.True(Stopwatch.GetElapsedTime(started) > TimeSpan.FromMilliseconds(50));
        Assert.Equal(
            Enumerable.Range(0, 500),
            RawConsumer.Read(kafka, topic, 500).Select(message => (int)System.Text.Json.JsonDocument.Parse(message.Message.Value).RootElement.GetProperty("celsius").GetDouble()));
    }

    private sealed record Smell : Reading
    {
        public override string Type => "smell";
    }
}
