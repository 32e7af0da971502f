namespace IotBus.Persistence;

/// <summary>A transport that takes many messages at once and keeps their order. Must be thread-safe.</summary>
public interface IOutboxBulkTransport : IOutboxTransport
{
    /// <summary>
    /// Starts delivering messages to one destination, in this order. All of them together have the time that one has alone, after which the token is
    /// cancelled. Does not throw: what fails, fails in its task.
    /// </summary>
    /// <returns>
    /// A task for each message from the first on, which ends when the broker has it; fewer than there are messages when one failed at once. From the first
    /// message that failed on, all come again, also those behind it that were delivered.
    /// </returns>
    IReadOnlyList<Task> Send(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken);
}
