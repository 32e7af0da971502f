using Confluent.Kafka;
using IotBus.Kafka;

namespace IotBus.Bench.Soak;

/// <summary>Devices by the partition their messages go to, asked of the client by producing a message of each to a topic of its own.</summary>
internal static class DeviceKeys
{
    private const int Devices = 300;

    public static async Task<string[][]> ByPartitionAsync(string bootstrapServers, string topic, int partitions, CancellationToken cancellationToken)
    {
        Librdkafka.EnsureLoaded();
        using var producer = new ProducerBuilder<string, Null>(
            new ProducerConfig { BootstrapServers = bootstrapServers, Partitioner = Partitioner.Murmur2Random }).Build();
        var deliveries = await Task.WhenAll(Enumerable.Range(1, Devices).Select(device =>
            producer.ProduceAsync(topic, new Message<string, Null> { Key = $"device-{device:000}" }, cancellationToken)));
        var devices = deliveries.ToLookup(delivery => delivery.Partition.Value, delivery => delivery.Key);
        return [.. Enumerable.Range(0, partitions).Select(partition => devices[partition].ToArray())];
    }
}
