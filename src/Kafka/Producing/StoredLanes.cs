using MassTransit.Middleware;

namespace IotBus.Kafka;

/// <summary>Many messages of an outbox at once, but of those with one key one, so that none overtakes another whatever fails.</summary>
internal static class StoredLanes
{
    /// <param name="messages">In their order.</param>
    /// <param name="start">Begins with one. What it throws is its task's failure.</param>
    /// <returns>A task for each message. Those behind one of their key that failed fail with it, and are not begun.</returns>
    public static IReadOnlyList<Task> Start(IReadOnlyList<OutboxMessageContext> messages, Func<OutboxMessageContext, Task> start)
    {
        var started = new Task[messages.Count];
        var last = new Dictionary<(Uri?, string), Task>();
        for (var i = 0; i < started.Length; i++)
        {
            var key = StoredRecord.KeyOf(messages[i]) is { } text ? (messages[i].DestinationAddress, text) : default((Uri?, string)?);
            started[i] = StartAfterAsync(key is { } same ? last.GetValueOrDefault(same) : null, messages[i], start);
            if (key is { } lane)
                last[lane] = started[i];
        }

        return started;
    }

    private static async Task StartAfterAsync(Task? before, OutboxMessageContext message, Func<OutboxMessageContext, Task> start)
    {
        if (before is not null)
            await before.ConfigureAwait(false);

        await start(message).ConfigureAwait(false);
    }
}
