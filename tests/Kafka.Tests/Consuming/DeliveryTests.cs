using IotBus.Testing;

namespace IotBus.Kafka.Tests;

public sealed class DeliveryTests
{
    [Fact]
    public async Task Several_types_on_a_topic_arrive_in_the_order_of_their_partition_with_their_identifiers()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings", 3);
        var recorder = new Recorder();
        await using var host = await ReadingsHost.ConsumerAsync(kafka, topic, kafka.NewGroup(), recorder);
        var sent = Enumerable.Range(0, 2000).Select(n => Make(n)).ToList();

        await Task.WhenAll(sent.Select(reading => host.Producer<string, Reading>().Produce(reading.Device, reading)));

        await Eventually.TrueAsync(() => recorder.Count == sent.Count, state: () => $"{recorder.Count}\n{host.Log}");
        Assert.All(recorder.Messages, message => Assert.Equal(message.Message.EventId, message.MessageId));
        Assert.Equal(
            sent.GroupBy(reading => reading.Device).ToDictionary(device => device.Key, device => device.ToList()),
            recorder.Messages.Select(message => message.Message).GroupBy(reading => reading.Device).ToDictionary(device => device.Key, device => device.ToList()));
        foreach (var partition in recorder.Batches.GroupBy(batch => batch.Assignment.Partition))
        {
            var offsets = partition.SelectMany(batch => batch.Messages).Select(message => message.Offset).ToList();
            Assert.Equal(Enumerable.Range(0, offsets.Count).Select(offset => (long)offset), offsets);
        }
    }

    private static Reading Make(int n) => n % 3 == 0
        ? new Noise { EventId = Guid.NewGuid(), Device = $"device-{n % 10}", Decibel = n }
        : new Warmth { EventId = Guid.NewGuid(), Device = $"device-{n % 10}", Celsius = n };
}
