using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>librdkafka's producer, and an admin client on its connections.</summary>
internal sealed class ProducerClient(IProducer<byte[], byte[]> producer) : IDisposable
{
    public IProducer<byte[], byte[]> Producer { get; } = producer;

    public IAdminClient Admin { get; } = new DependentAdminClientBuilder(producer.Handle).Build();

    public void Dispose()
    {
        Admin.Dispose();
        Producer.Dispose();
    }
}
