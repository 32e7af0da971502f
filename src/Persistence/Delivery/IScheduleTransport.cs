using MassTransit;

namespace IotBus.Persistence;

/// <summary>A transport for whose destinations messages can be scheduled: it makes them when they are scheduled, as it delivers them when they are due.</summary>
public interface IScheduleTransport : IOutboxTransport
{
    /// <summary>Makes what the outbox stores of a message.</summary>
    /// <param name="destination">An address that it accepts.</param>
    /// <param name="message">The message.</param>
    /// <param name="pipe">Sets what the caller and the scheduler want to be set; has to be run once.</param>
    /// <param name="consuming">What is being consumed; null outside consumers.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Its destination may be another: the outbox delivers to that.</returns>
    Task<SendContext<T>> CreateAsync<T>(
        Uri destination, T message, IPipe<SendContext<T>> pipe, ConsumeContext? consuming, CancellationToken cancellationToken)
        where T : class;
}
