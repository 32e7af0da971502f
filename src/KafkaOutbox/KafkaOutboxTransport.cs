using IotBus.Persistence;
using MassTransit;

namespace IotBus.KafkaOutbox;

/// <summary>Delivers what the outbox holds for topics, many messages at once: the rider keeps the order of calls. Thread-safe.</summary>
internal sealed class KafkaOutboxTransport(OutboxRider outbox) : IOutboxBulkTransport, IScheduleTransport
{
    public bool Accepts(Uri destination) => outbox.Rider.IsTopic(destination);

    public Task SendAsync(OutboxMessage message, CancellationToken cancellationToken) => outbox.Rider.SendAsync(message, cancellationToken);

    public Task<SendContext<T>> CreateAsync<T>(
        Uri destination, T message, IPipe<SendContext<T>> pipe, ConsumeContext? consuming, CancellationToken cancellationToken)
        where T : class => outbox.Rider.CaptureAsync(destination, message, pipe, consuming, cancellationToken);

    public IReadOnlyList<Task> Send(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        var sending = new List<Task>(messages.Count);
        foreach (var message in messages)
        {
            var sent = StartAsync(message, cancellationToken);
            sending.Add(sent);

            // Refused before it was handed to the client: nothing that comes after it may overtake it.
            if (sent.IsFaulted || sent.IsCanceled)
                break;
        }

        return sending;
    }

    /// <summary>What is thrown at once is the task's failure too.</summary>
    private async Task StartAsync(OutboxMessage message, CancellationToken cancellationToken) =>
        await SendAsync(message, cancellationToken).ConfigureAwait(false);
}
