using MassTransit;

namespace IotBus.Kafka;

/// <summary>A producer that makes of a message what an outbox stores.</summary>
internal interface ICapturingProducer<T>
    where T : class
{
    /// <summary>Its key is what the producer's resolver takes from it; none without.</summary>
    Task<SendContext<T>> CaptureAsync(ProduceScope scope, T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken);
}
