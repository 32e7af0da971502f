using MassTransit;

namespace IotBus.Persistence;

/// <summary>
/// What a transaction is going to put into the outbox and take out of it; written when it commits, by one insert and at most one delete. Thread-safe,
/// since a consumer may send several messages at once.
/// </summary>
internal sealed class OutboxCapture(OutboxMessages factory)
{
    private readonly Lock _lock = new();
    private readonly List<OutboxMessage> _messages = [];
    private readonly List<Guid> _cancelled = [];

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _messages.Count == 0 && _cancelled.Count == 0;
        }
    }

    public void Add<T>(SendContext<T> context)
        where T : class
    {
        var message = factory.Create(context);
        lock (_lock)
            _messages.Add(message);
    }

    /// <summary>Takes back what was scheduled under the token, in this transaction or before it.</summary>
    public void Cancel(Guid token)
    {
        lock (_lock)
        {
            if (_messages.RemoveAll(message => message.Token == token) == 0)
                _cancelled.Add(token);
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _messages.Clear();
            _cancelled.Clear();
        }
    }

    /// <summary>Takes all out.</summary>
    public (IReadOnlyList<OutboxMessage> Messages, IReadOnlyList<Guid> Cancelled) Take()
    {
        lock (_lock)
        {
            (IReadOnlyList<OutboxMessage>, IReadOnlyList<Guid>) taken = ([.. _messages], [.. _cancelled]);
            _messages.Clear();
            _cancelled.Clear();
            return taken;
        }
    }
}
