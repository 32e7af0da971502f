using Confluent.Kafka;
using IotBus.Kafka.Embedded;

namespace IotBus.Kafka;

/// <summary>
/// A produced message until its delivery report. Its task goes on elsewhere than on the client's thread, which must not wait for callers.
/// </summary>
internal sealed class Delivery(KafkaProducer producer, string topic, BacklogReservation reservation)
    : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public void Report(DeliveryReport<byte[], byte[]> report)
    {
        reservation.Settle(report);
        if (report.Error.Code == ErrorCode.NoError)
        {
            producer.Delivered();
            SetResult();
        }
        else
        {
            producer.NotDelivered();
            SetException(producer.Failure(topic, report.Error));
        }
    }
}
