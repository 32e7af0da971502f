namespace IotBus.Persistence;

/// <summary>Wakes the delivery of this process as soon as messages are committed, so that none waits for a query. Thread-safe.</summary>
internal sealed class OutboxSignal
{
    private Action<IReadOnlyList<OutboxMessage>>? _listener;

    /// <summary>Whether this process delivers; if not, others have to be told.</summary>
    public bool IsHeard => Volatile.Read(ref _listener) is not null;

    /// <summary>Who delivers; one at a time, or none.</summary>
    public void Listen(Action<IReadOnlyList<OutboxMessage>>? listener) => Volatile.Write(ref _listener, listener);

    public void Committed(IReadOnlyList<OutboxMessage> messages) => Volatile.Read(ref _listener)?.Invoke(messages);
}
