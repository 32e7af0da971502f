using System.Diagnostics;
using IotBus.Testing;
using MassTransit.Logging;

namespace IotBus.Kafka.Tests;

public sealed class ConsumeTraceTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public async Task A_messages_span_continues_its_producers_trace_and_MassTransits_spans_are_within_it()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, seen) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Seen());
        using var spans = new Spans(topic, DiagnosticHeaders.DefaultListenerName);
        using var raw = new RawProducer(kafka);
        var id = Guid.NewGuid();
        await raw.ProduceAsync(topic, NoiseHost.Json(1), key: "device", headers: [("MessageId", $"{id}"), ("traceparent", Parent), ("tracestate", "vendor=1")]);
        Activity? current = null;
        seen.OnMessage = _ =>
        {
            current = Activity.Current;
            return Task.CompletedTask;
        };

        await using (await NoiseHost.StartAsync(kafka, topic, group, seen))
            await Eventually.TrueAsync(() => spans.Ended.Any(span => span.Kind == ActivityKind.Consumer && span.Source.Name == KafkaActivities.SourceName));

        var span = Assert.Single(spans.Ended, span => span.Source.Name == KafkaActivities.SourceName);
        Assert.Equal(($"process {topic}", ActivityKind.Consumer, Parent, true), (span.DisplayName, span.Kind, span.ParentId, span.HasRemoteParent));
        Assert.Equal(("vendor=1", ActivityStatusCode.Unset), (span.TraceStateString, span.Status));
        var tags = span.TagObjects.ToDictionary(tag => tag.Key, tag => tag.Value?.ToString());
        Assert.Equal(("kafka", "process", "process", topic), (tags["messaging.system"], tags["messaging.operation.name"], tags["messaging.operation.type"], tags["messaging.destination.name"]));
        Assert.Equal((group, "0", "0", id.ToString(), "device"), (tags["messaging.consumer.group.name"], tags["messaging.destination.partition.id"], tags["messaging.kafka.offset"], tags["messaging.message.id"], tags["messaging.kafka.message.key"]));
        Assert.Equal(span.TraceId, current!.TraceId);
    }

    [Fact]
    public async Task The_span_of_a_message_that_failed_tells_why()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, seen) = (await kafka.CreateTopicAsync("readings"), new Seen());
        using var spans = new Spans(topic);
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, NoiseHost.Json(1));
        await raw.ProduceAsync(topic, "no JSON");
        seen.OnMessage = _ => throw new ArgumentException("too quiet");

        await using (await NoiseHost.StartAsync(kafka, topic, kafka.NewGroup(), seen))
            await Eventually.TrueAsync(() => spans.Ended.Count(span => span.Kind == ActivityKind.Consumer) == 2);

        var consumed = spans.Ended.Where(span => span.Kind == ActivityKind.Consumer).ToList();
        Assert.All(consumed, span => Assert.Equal((ActivityStatusCode.Error, (string?)null), (span.Status, span.ParentId)));
        Assert.Equal("System.ArgumentException", consumed[0].GetTagItem("error.type"));
    }

    [Fact]
    public async Task A_batchs_span_is_linked_to_its_messages_spans_and_has_no_parent()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, recorder) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Recorder());
        using var spans = new Spans(topic);
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, NoiseHost.Json(1), headers: [("traceparent", Parent)]);
        await raw.ProduceAsync(topic, NoiseHost.Json(2), headers: [("MT-Activity-Id", Parent.Replace("31-01", "32-01", StringComparison.Ordinal))]);
        await raw.ProduceAsync(topic, NoiseHost.Json(3));

        await using (await ReadingsHost.ConsumerAsync(kafka, topic, group, recorder, endpoint => endpoint.BatchLinger = TimeSpan.FromSeconds(1)))
            await Eventually.TrueAsync(() => recorder.Count == 3 && spans.Ended.Any(span => span.Kind == ActivityKind.Consumer));

        var consumed = spans.Ended.Where(span => span.Kind == ActivityKind.Consumer).ToList();
        Assert.All(consumed, span => Assert.Null(span.ParentId));
        Assert.Equal(3, consumed.Sum(span => (int)span.GetTagItem("messaging.batch.message_count")!));
        Assert.Equal(["b7ad6b7169203331", "b7ad6b7169203332"], consumed.SelectMany(span => span.Links).Select(link => link.Context.SpanId.ToHexString()));
    }

    [Fact]
    public async Task The_span_of_a_batch_that_failed_tells_why_and_each_try_has_one()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, recorder, tries) = (await kafka.CreateTopicAsync("readings"), new Recorder(), 0);
        using var spans = new Spans(topic);
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, NoiseHost.Json(1));
        recorder.OnBatch = (_, _) => ++tries == 1 ? throw new ArgumentException("On purpose.") : Task.CompletedTask;

        await using (await ReadingsHost.ConsumerAsync(kafka, topic, kafka.NewGroup(), recorder, endpoint => endpoint.RetryDelay = TimeSpan.FromMilliseconds(10)))
            await Eventually.TrueAsync(() => spans.Ended.Count(span => span.Kind == ActivityKind.Consumer) == 2);

        Assert.Equal(
            [(ActivityStatusCode.Error, "System.ArgumentException"), (ActivityStatusCode.Unset, null)],
            spans.Ended.Where(span => span.Kind == ActivityKind.Consumer).Select(span => (span.Status, (string?)span.GetTagItem("error.type"))));
    }
}
