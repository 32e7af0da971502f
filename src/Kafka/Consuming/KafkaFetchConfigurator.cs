using Confluent.Kafka;

namespace IotBus.Kafka;

/// <inheritdoc/>
internal sealed class KafkaFetchConfigurator(ConsumerConfig consumer) : IKafkaFetchConfigurator
{
    public TimeSpan? WaitMaxInterval { set => consumer.FetchWaitMaxMs = (int?)value?.TotalMilliseconds; }

    public int? MaxPartitionBytes { set => consumer.MaxPartitionFetchBytes = value; }

    public int? MaxBytes { set => consumer.FetchMaxBytes = value; }

    public int? MinBytes { set => consumer.FetchMinBytes = value; }

    public TimeSpan? ErrorBackoffInterval { set => consumer.FetchErrorBackoffMs = (int?)value?.TotalMilliseconds; }
}
