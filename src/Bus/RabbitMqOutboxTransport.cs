using IotBus.Persistence;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.Serialization;

namespace IotBus.Bus;

/// <summary>
/// Delivers what the outbox holds for the bus to RabbitMQ. A task ends when the broker has confirmed the message: for a quorum queue, when most of its nodes have
/// written it. A message to a queue that is not there yet is not taken for delivered. Thread-safe.
/// </summary>
internal sealed class RabbitMqOutboxTransport(IBus bus) : IOutboxBulkTransport
{
    /// <summary>Also what was stored when the bus was in memory, or on another RabbitMQ: it goes to the queue, or the exchange of the type, of that name here.</summary>
    public bool Accepts(Uri destination) => BusAddress.IsOne(destination);

    public Task SendAsync(OutboxMessage message, CancellationToken cancellationToken) => Send([message], cancellationToken)[0];

    public IReadOnlyList<Task> Send(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken) =>
        OrderedSends.Run(messages.Count, (number, cancelled) => Start(messages[number], cancelled), cancellationToken);

    private StartedSend Start(OutboxMessage message, CancellationToken cancellationToken)
    {
        var pipe = new SendPipe(message);
        var confirmed = SendAsync(message, pipe, cancellationToken);
        return new StartedSend(confirmed, pipe.HasRun);
    }

    private async Task SendAsync(OutboxMessage message, SendPipe pipe, CancellationToken cancellationToken)
    {
        var endpoint = await bus.GetSendEndpoint(pipe.Address.Exchange).ConfigureAwait(false);
        await endpoint.Send(new SerializedMessageBody(), pipe, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs on the channel, right before the message is published.</summary>
    private sealed class SendPipe : IPipe<SendContext>
    {
        private readonly OutboxMessageSendPipe _stored;
        private int _runs;

        public SendPipe(OutboxMessage message)
        {
            Address = BusAddress.Parse(message.DestinationAddress);
            _stored = new OutboxMessageSendPipe(message, Address.Exchange);
        }

        public BusAddress Address { get; }

        public bool HasRun => Volatile.Read(ref _runs) > 0;

        public async Task Send(SendContext context)
        {
            // MassTransit publishes again what was on a channel that was lost, each message by itself and so in any order. The outbox does it in theirs.
            if (Interlocked.Increment(ref _runs) > 1)
                throw new TransportException(Address.Exchange, "The channel was lost before the broker had confirmed the message.");

            await _stored.Send(context).ConfigureAwait(false);
            if (context is RabbitMqSendContext rabbit)
                rabbit.Mandatory = Address.NeedsQueue;
        }

        public void Probe(ProbeContext context) => _stored.Probe(context);
    }
}
