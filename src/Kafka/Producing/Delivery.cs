using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>A produced message until its delivery report. Its task goes on elsewhere than on the client's thread, which must not wait for callers.</summary>
internal sealed class Delivery(KafkaProducer producer, string topic) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public void Report(DeliveryReport<byte[], byte[]> report)
    {
        producer.Delivered();
        if (report.Error.Code == ErrorCode.NoError)
            SetResult();
        else
            SetException(producer.Failure(topic, report.Error));
    }
}
