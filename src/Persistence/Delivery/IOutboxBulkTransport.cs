namespace IotBus.Persistence;

/// <summary>A transport that takes many messages at once. Must be thread-safe.</summary>
public interface IOutboxBulkTransport : IOutboxTransport
{
    /// <summary>
    /// Starts delivering messages to one destination, in this order. All of them together have the time that one has alone, after which the token is
    /// cancelled. Does not throw: what fails, fails in its task.
    /// </summary>
    /// <returns>
    /// A task for each message, which ends when the broker has it. Those that failed come again; so a message that must not overtake one that failed has to fail
    /// with it.
    /// </returns>
    IReadOnlyList<Task> Send(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken);
}
