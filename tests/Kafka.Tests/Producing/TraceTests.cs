using System.Diagnostics;
using IotBus.Testing;
using MassTransit;

namespace IotBus.Kafka.Tests;

public sealed class TraceTests
{
    [Fact]
    public async Task A_span_is_made_by_OpenTelemetrys_conventions_and_its_context_is_on_the_message()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await ReadingsHost.ProducerAsync(kafka, topic);
        using var spans = new Spans(topic);
        var warmth = Some.Warmth();

        await host.Producer<string, Reading>().Produce("dévice", warmth);
        await host.Producer<string, Reading>().Produce("dévice", warmth, Pipe.Execute<KafkaSendContext<string, Reading>>(context => context.Partition = 0));

        var produced = RawConsumer.Read(kafka, topic, 2);
        Assert.Equal(spans.Ended.Select(span => span.Id), produced.Select(message => message.Headers()["traceparent"]));
        Assert.All(spans.Ended, span =>
        {
            Assert.Equal(($"send {topic}", ActivityKind.Producer), (span.DisplayName, span.Kind));
            var tags = span.TagObjects.ToDictionary(tag => tag.Key, tag => tag.Value?.ToString());
            Assert.Equal(("kafka", "send", "send", topic), (tags["messaging.system"], tags["messaging.operation.name"], tags["messaging.operation.type"], tags["messaging.destination.name"]));
            Assert.Equal((warmth.EventId.ToString(), "dévice"), (tags["messaging.message.id"], tags["messaging.kafka.message.key"]));
            Assert.Equal(produced[0].Message.Value.Length.ToString(), tags["messaging.message.body.size"]);
        });
        Assert.Equal("0", spans.Ended.Last().GetTagItem("messaging.destination.partition.id"));
    }

    [Fact]
    public async Task A_span_of_a_message_that_failed_tells_why()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await ReadingsHost.ProducerAsync(kafka, topic, k => k.ConfigureProducer(producer => producer.MaxMessageBytes = 2000));
        using var spans = new Spans(topic);

        await Assert.ThrowsAsync<TopicProduceException>(() => host.Producer<string, Reading>().Produce("a", Some.Warmth(new string('x', 2000))));

        var span = Assert.Single(spans.Ended);
        Assert.Equal((ActivityStatusCode.Error, "Refused"), (span.Status, span.GetTagItem("error.type")));
    }

    [Fact]
    public async Task A_trace_goes_through_a_producer_that_nobody_listens_to()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await ReadingsHost.ProducerAsync(kafka, topic);
        using var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();

        await host.Producer<string, Reading>().Produce("a", Some.Warmth());

        Assert.Equal(request.Id, Assert.Single(RawConsumer.Read(kafka, topic, 1)).Headers()["traceparent"]);
    }
}
