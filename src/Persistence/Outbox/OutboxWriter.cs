using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>Puts messages into the outbox, in a transaction or by themselves, and tells the delivery. Thread-safe.</summary>
internal sealed class OutboxWriter(OutboxCollection outbox, OutboxMessages factory, StoreSetup setup, OutboxSignal signal)
{
    public OutboxCapture NewCapture() => new(factory);

    public Task ReadyAsync() => setup.OutboxAsync();

    public async Task WriteAsync(
        IReadOnlyList<OutboxMessage> messages, IReadOnlyList<Guid> cancelled, MongoSession? session, CancellationToken cancellationToken)
    {
        if (cancelled.Count > 0)
        {
            await outbox.CancelAsync(cancelled, session, cancellationToken).ConfigureAwait(false);
            FaultPoint.Reach("after cancel");
        }

        if (messages.Count > 0)
        {
            await outbox.InsertAsync(messages, callsOthers: !signal.IsHeard, session, cancellationToken).ConfigureAwait(false);
            FaultPoint.Reach("after outbox");
        }
    }

    /// <summary>Once they are committed.</summary>
    public void Announce(IReadOnlyList<OutboxMessage> messages)
    {
        if (messages.Count > 0)
            signal.Committed(messages);
    }

    /// <summary>Without a transaction.</summary>
    public async Task WriteAsync(OutboxCapture capture, CancellationToken cancellationToken)
    {
        await ReadyAsync().ConfigureAwait(false);
        var (messages, cancelled) = capture.Take();
        await WriteAsync(messages, cancelled, session: null, cancellationToken).ConfigureAwait(false);
        Announce(messages);
    }
}
