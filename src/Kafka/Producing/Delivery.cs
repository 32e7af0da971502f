using System.Runtime.InteropServices;
using Confluent.Kafka;
using IotBus.Kafka.Embedded;

namespace IotBus.Kafka;

/// <summary>
/// A produced message until its delivery report. Its task goes on elsewhere than on the thread that takes the reports, which must not wait for callers.
/// </summary>
internal sealed class Delivery(KafkaProducer producer, string topic, BacklogReservation reservation)
    : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private readonly long _started = ProduceMetrics.Start();

    /// <summary>What librdkafka keeps of it meanwhile, and gives back once: to <see cref="Take"/>.</summary>
    public nint Keep() => GCHandle.ToIntPtr(GCHandle.Alloc(this));

    public static Delivery Take(nint kept)
    {
        var handle = GCHandle.FromIntPtr(kept);
        var delivery = (Delivery)handle.Target!;
        handle.Free();
        return delivery;
    }

    /// <summary>The client did not take the message.</summary>
    public Task Refuse(Error error)
    {
        reservation.Release();
        Fail(error);
        return Task;
    }

    /// <param name="message">As the report has it.</param>
    /// <param name="error">Null when it is acknowledged.</param>
    public unsafe void Report(NativeMessage* message, Error? error)
    {
        if (reservation.Backlog is not null)
            reservation.Settle(NativeProducer.StatusOf(message), message->Offset);

        if (error is not null)
        {
            Fail(error);
            return;
        }

        producer.Delivered(topic);
        ProduceMetrics.Acknowledged(topic, _started);
        SetResult();
    }

    private void Fail(Error error)
    {
        producer.NotDelivered(topic, error);
        SetException(producer.Failure(topic, error));
    }
}
