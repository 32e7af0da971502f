using Confluent.Kafka;
using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka.Tests;

/// <summary>Topics that may not be written to, or are not there: what the caller sees, what the operator is told, and what is left.</summary>
public sealed class TopicTroubleTests
{
    [EmbeddedKafkaFact]
    public async Task A_topic_that_refuses_the_client_is_said_once_with_the_address_and_once_that_it_goes_on()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await ReadingsHost.ProducerAsync(kafka, topic);
        var producer = host.Producer<string, Reading>();

        broker.FailRequests(Embedded.KafkaRequest.Produce, ErrorCode.TopicAuthorizationFailed);
        var first = await Assert.ThrowsAsync<TopicProduceException>(() => producer.Produce("a", Some.Warmth("first")));
        broker.FailRequests(Embedded.KafkaRequest.Produce, ErrorCode.TopicAuthorizationFailed);
        var second = await Assert.ThrowsAsync<TopicProduceException>(() => producer.Produce("a", Some.Warmth("second"), Pipe.Empty<KafkaSendContext<string, Reading>>()));
        await Eventually.PassesAsync(() => producer.Produce("a", Some.Warmth("third")));

        Assert.Equal([ProduceFailure.Refused, ProduceFailure.Refused], [first.Failure, second.Failure]);
        var told = host.Log.Lines.Where(line => line.Level >= LogLevel.Information && line.Text.Contains($"'{topic}'", StringComparison.Ordinal)).ToList();
        Assert.Equal([LogLevel.Error, LogLevel.Information], told.Select(line => line.Level));
        Assert.Contains(kafka.BootstrapServers, told[0].Text, StringComparison.Ordinal);
        Assert.Contains("do not let this client write", told[0].Text, StringComparison.Ordinal);
        Assert.Contains("third", Assert.Single(RawConsumer.Read(kafka, topic, 1)).Value(), StringComparison.Ordinal);
    }

    [EmbeddedKafkaFact]
    public async Task A_topic_that_is_not_there_fails_within_the_delivery_timeout_and_takes_messages_once_it_is()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var topic = await kafka.CreateTopicAsync("readings");
        broker.SetTopicError(topic, ErrorCode.UnknownTopicOrPart);
        await using var host = await ReadingsHost.ProducerAsync(
            kafka, topic, k => k.ConfigureProducer(producer => producer.DeliveryTimeout = TimeSpan.FromSeconds(1)));

        var failure = await Assert.ThrowsAsync<TopicProduceException>(() => host.Producer<string, Reading>().Produce("a", Some.Warmth("before")));
        broker.SetTopicError(topic, ErrorCode.NoError);
        await Eventually.PassesAsync(() => host.Producer<string, Reading>().Produce("a", Some.Warmth("after")));

        Assert.Equal((topic, ProduceFailure.NotAcknowledged), (failure.Topic, failure.Failure));
        Assert.All(RawConsumer.Read(kafka, topic, 1), message => Assert.Contains("after", message.Value(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_partition_that_is_not_there_is_refused()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await ReadingsHost.ProducerAsync(kafka, topic);

        var failure = await Assert.ThrowsAsync<TopicProduceException>(() => host.Producer<string, Reading>().Produce(
            "a", Some.Warmth(), Pipe.Execute<KafkaSendContext<string, Reading>>(context => context.Partition = 17)));

        Assert.Equal(ProduceFailure.Refused, failure.Failure);
        Assert.Empty(RawConsumer.Read(kafka, topic));
    }

    [EmbeddedKafkaFact]
    public async Task Through_a_pipe_injected_errors_are_tried_again_and_nothing_is_lost_or_doubled()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await ReadingsHost.ProducerAsync(kafka, topic);
        var producer = host.Producer<string, Reading>();
        broker.FailRequests(
            Embedded.KafkaRequest.Produce, ErrorCode.NotLeaderForPartition, ErrorCode.RequestTimedOut, ErrorCode.NotEnoughReplicas);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(n => producer.Produce(
            "a", Some.Warmth("a", n), Pipe.Execute<KafkaSendContext<string, Reading>>(context => context.Headers.Set("N", n))))).WaitAsync(Eventually.DefaultDeadline);

        Assert.Equal(Enumerable.Range(0, 200).Select(n => $"{n}"), RawConsumer.Read(kafka, topic, 200).Select(message => message.Headers()["N"]));
    }

    [EmbeddedKafkaFact]
    public async Task A_broker_that_is_away_fails_an_outboxs_delivery_and_delivering_again_succeeds()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await HarnessHost.StartAsync(
            kafka, _ => { }, configure: (_, k) => k.ConfigureProducer(producer => producer.DeliveryTimeout = TimeSpan.FromSeconds(4)));
        await host.Rider.SendAsync(new Uri($"topic:{topic}"), null, [1]);
        broker.TakeDown();

        var failure = await Assert.ThrowsAsync<TopicProduceException>(() => host.Rider.SendAsync(new Uri($"topic:{topic}"), null, [2]));
        broker.BringUp();
        await Eventually.PassesAsync(() => host.Rider.SendAsync(new Uri($"topic:{topic}"), null, [2]));

        Assert.Equal(ProduceFailure.NotAcknowledged, failure.Failure);
        Assert.Equal([1, 2], RawConsumer.Read(kafka, topic, 2).Select(message => message.Message.Value[0]).Distinct());
    }
}
