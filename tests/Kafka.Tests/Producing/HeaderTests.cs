using System.Diagnostics;
using System.Text;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

public sealed class HeaderTests
{
    private static readonly Guid Id = Guid.Parse("0197c2f0-5b1e-7c3a-9d55-3f1f6a2b4c6d");

    [Fact]
    public async Task A_message_is_raw_JSON_of_its_runtime_type_with_the_headers_of_MassTransits_rider_and_a_W3C_trace()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await RiderHost.StartAsync(rider =>
        {
            rider.AddProducer<string, Reading>(topic, (_, producer) =>
            {
                producer.MessageId(reading => reading.EventId);
                producer.UseJson(ReadingsJsonContext.Default);
            });
            rider.UsingKafka((_, k) => k.Host(kafka.BootstrapServers));
        });
        using var activity = new Activity("request") { TraceStateString = "vendor=1" };
        activity.SetParentId("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").Start();

        await host.Producer<string, Reading>().Produce("dévice", new Noise { EventId = Id, Device = "dévice", Decibel = 61 });

        var message = Assert.Single(RawConsumer.Read(kafka, topic, 1)).Message;
        Assert.Equal("dévice"u8.ToArray(), message.Key);
        Assert.Equal("""{"id":"0197c2f0-5b1e-7c3a-9d55-3f1f6a2b4c6d","type":"noise","device":"d\u00E9vice","decibel":61}"""u8.ToArray(), message.Value);
        var headers = message.Headers.ToDictionary(header => header.Key, header => Encoding.UTF8.GetString(header.GetValueBytes()));
        Assert.True(Guid.TryParseExact(headers["ConversationId"], "D", out _));
        headers.Remove("ConversationId");
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["MessageId"] = "0197c2f0-5b1e-7c3a-9d55-3f1f6a2b4c6d",
                ["CorrelationId"] = "0197c2f0-5b1e-7c3a-9d55-3f1f6a2b4c6d",
                ["SourceAddress"] = "loopback://localhost/",
                ["DestinationAddress"] = $"loopback://localhost/kafka/{topic}",
                ["Content-Type"] = "application/json",
                ["MT-MessageType"] = "urn:message:IotBus.Kafka.Tests:Noise",
                ["MT-Activity-Id"] = activity.Id!,
                ["traceparent"] = activity.Id!,
                ["tracestate"] = "vendor=1",
            },
            headers);
    }
}
