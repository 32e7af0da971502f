using IotBus.Testing;

namespace IotBus.Kafka.Tests;

public sealed class MessageIdTests
{
    [Theory]
    [InlineData("sensor-telemetry", 0, 0L, "2c6921e1-1913-85ac-91fc-23b26e5e78ee")]
    [InlineData("sensor-telemetry", 2, 1234567890123L, "c30d66d5-7c00-8687-81b2-42099a259b71")]
    [InlineData("größen", 1, 7L, "3994eefa-2374-8bdb-8c78-1e4da323de93")]
    public void A_message_without_an_identifier_gets_one_made_from_topic_partition_and_offset(string topic, int partition, long offset, string expected) =>
        Assert.Equal(Guid.Parse(expected), MessageIds.Of(topic, partition, offset));

    [Fact]
    public async Task Two_groups_see_the_same_made_identifier()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        using (var producer = new RawProducer(kafka))
            await producer.ProduceAsync(topic, """{"type":"noise","id":"00000000-0000-0000-0000-000000000001","device":"d","decibel":3}""");

        var (first, second) = (new Recorder(), new Recorder());
        await using var one = await ReadingsHost.ConsumerAsync(kafka, topic, kafka.NewGroup(), first);
        await using var two = await ReadingsHost.ConsumerAsync(kafka, topic, kafka.NewGroup(), second);

        await Eventually.TrueAsync(() => first.Count == 1 && second.Count == 1);
        Assert.Equal(MessageIds.Of(topic, 0, 0), first.Messages.Single().MessageId);
        Assert.Equal(first.Messages.Single(), second.Messages.Single());
    }
}
