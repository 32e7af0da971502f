using MassTransit;
using MassTransit.Scheduling;
using MassTransit.Transports;

namespace IotBus.Persistence;

/// <summary>
/// Schedules by putting the message into the outbox with its due time: with the transaction if one is under way, at once otherwise. Cancelling takes it out
/// again, in the same manner, and works until it is delivered.
/// </summary>
internal sealed class MongoDbScheduleMessageProvider(
    ISendEndpointProvider endpoints, MongoDbContext? database, OutboxWriter writer, OutboxTransports transports)
    : IScheduleMessageProvider
{
    public async Task<ScheduledMessage<T>> ScheduleSend<T>(
        Uri destinationAddress, DateTime scheduledTime, T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class
    {
        if (!MessageTypeCache<T>.IsValidMessageType)
            throw new ArgumentException(MessageTypeCache<T>.InvalidMessageTypeReason, nameof(message));

        var token = ScheduleTokenIdCache<T>.GetTokenId(message, NewId.NextGuid());
        if (database?.Session is not null && endpoints is ConsumeContext consuming && consuming.GetOriginalMessageId() is { } consumed)
            pipe = new ConsumedAgainPipe<T>(pipe, consumed);

        var schedule = new ScheduleSendPipe<T>(pipe, scheduledTime) { ScheduledMessageId = token };
        var context = await CreateAsync(destinationAddress, message, schedule, cancellationToken).ConfigureAwait(false);
        await ChangeAsync(capture => capture.Add(context), cancellationToken).ConfigureAwait(false);
        return new Scheduled<T>(context.ScheduledMessageId ?? token, scheduledTime, destinationAddress, message);
    }

    public Task CancelScheduledSend(Guid tokenId, CancellationToken cancellationToken) =>
        ChangeAsync(capture => capture.Cancel(tokenId), cancellationToken);

    public Task CancelScheduledSend(Uri destinationAddress, Guid tokenId, CancellationToken cancellationToken) =>
        CancelScheduledSend(tokenId, cancellationToken);

    private async Task<SendContext<T>> CreateAsync<T>(
        Uri destination, T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class
    {
        // Who delivers another way than the bus would may still take what the bus makes.
        if (transports.Find(destination) is IScheduleTransport transport)
            return await transport.CreateAsync(destination, message, pipe, endpoints as ConsumeContext, cancellationToken).ConfigureAwait(false);

        var endpoint = await endpoints.GetSendEndpoint(destination).ConfigureAwait(false) as ITransportSendEndpoint
            ?? throw new NotSupportedException($"Nothing can be scheduled for {destination}: its transport does not say how it would send.");
        return await endpoint.CreateSendContext(message, pipe, cancellationToken).ConfigureAwait(false);
    }

    private Task ChangeAsync(Action<OutboxCapture> change, CancellationToken cancellationToken)
    {
        if (database?.Session is not null)
        {
            change(database.Capture);
            return Task.CompletedTask;
        }

        var capture = writer.NewCapture();
        change(capture);
        return writer.WriteAsync(capture, cancellationToken);
    }

    private sealed record Scheduled<T>(Guid TokenId, DateTime ScheduledTime, Uri Destination, T Payload) : ScheduledMessage<T>
        where T : class;
}
