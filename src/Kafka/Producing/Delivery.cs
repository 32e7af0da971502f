using Confluent.Kafka;
using IotBus.Kafka.Embedded;

namespace IotBus.Kafka;

/// <summary>
/// A produced message until its delivery report. Its task goes on elsewhere than on the client's thread, which must not wait for callers.
/// </summary>
internal sealed class Delivery(KafkaProducer producer, string topic, BacklogReservation reservation)
    : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private readonly long _started = ProduceMetrics.Start();

    public void Report(DeliveryReport<byte[], byte[]> report)
    {
        reservation.Settle(report);
        if (report.Error.Code == ErrorCode.NoError)
        {
            producer.Delivered(topic);
            ProduceMetrics.Acknowledged(topic, _started);
            SetResult();
        }
        else
        {
            producer.NotDelivered(topic, report.Error);
            SetException(producer.Failure(topic, report.Error));
        }
    }
}
