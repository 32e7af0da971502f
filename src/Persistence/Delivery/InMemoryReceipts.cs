using System.Collections.Concurrent;
using MassTransit;

namespace IotBus.Persistence;

/// <summary>
/// Tells when this process has consumed what was delivered to its own queue in memory. Such a queue is lost with the process, so until then the message must
/// stay in the outbox. Thread-safe.
/// </summary>
internal sealed class InMemoryReceipts : IReceiveObserver
{
    /// <summary>How long the end of a consumption is remembered for who gave up waiting for it: much longer than anybody pauses who comes again.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(string Queue, Guid MessageId), TaskCompletionSource> _waiting = [];

    /// <summary>
    /// Sends, unless the same message is still in the queue from an earlier attempt that did not wait long enough, and waits until it was consumed.
    /// </summary>
    public async Task DeliverAsync(Uri queue, Guid messageId, Func<Task> send, CancellationToken cancellationToken)
    {
        var key = (queue.AbsolutePath, messageId);
        var receipt = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = _waiting.GetOrAdd(key, receipt);
        if (waiting == receipt)
        {
            try
            {
                await send().ConfigureAwait(false);
            }
            catch
            {
                _waiting.TryRemove(key, out _);
                throw;
            }
        }

        try
        {
            await waiting.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Not before somebody has heard of it: it may end between two attempts. But another process may have delivered it meanwhile.
            if (waiting.Task.IsCompleted)
                _waiting.TryRemove(key, out _);
            else
                _ = ForgetAsync(key, waiting);
        }
    }

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostReceive(ReceiveContext context)
    {
        Find(context)?.TrySetResult();
        return Task.CompletedTask;
    }

    public Task ReceiveFault(ReceiveContext context, Exception exception)
    {
        Find(context)?.TrySetException(exception);
        return Task.CompletedTask;
    }

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Task.CompletedTask;

    private async Task ForgetAsync((string Queue, Guid MessageId) key, TaskCompletionSource waiting)
    {
        await waiting.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Delay(Remembered).ConfigureAwait(false);
        _waiting.TryRemove(KeyValuePair.Create(key, waiting));
    }

    private TaskCompletionSource? Find(ReceiveContext context) =>
        !_waiting.IsEmpty && context.GetMessageId() is { } id ? _waiting.GetValueOrDefault((context.InputAddress.AbsolutePath, id)) : null;
}
