namespace IotBus.Bus;

/// <summary>Sends messages in order, some at once, and lets all fail from the first that failed.</summary>
internal static class OrderedSends
{
    /// <summary>
    /// How many are under way at once. RabbitMQ's client holds back what is published while more than 64 are on a channel, each for a time of its own, so that
    /// they overtake one another; and destinations share a channel.
    /// </summary>
    public const int Window = 16;

    /// <param name="count">How many there are.</param>
    /// <param name="start">Starts one.</param>
    /// <param name="cancellationToken">Gives them up.</param>
    /// <returns>A task for each.</returns>
    public static IReadOnlyList<Task> Run(int count, Func<int, CancellationToken, StartedSend> start, CancellationToken cancellationToken)
    {
        var sent = new TaskCompletionSource[count];
        for (var i = 0; i < count; i++)
            sent[i] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        _ = RunAsync(sent, start, cancellationToken);
        return Array.ConvertAll(sent, one => one.Task);
    }

    private static async Task RunAsync(TaskCompletionSource[] sent, Func<int, CancellationToken, StartedSend> start, CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var started = new Queue<Task>();
        var confirmed = 0;
        try
        {
            // The first alone: it opens the channel and declares the exchange, and the others would go on from there in any order.
            while (confirmed < sent.Length)
            {
                StartWindow(sent.Length - confirmed, confirmed, confirmed == 0 ? 1 : Window, start, started, failed.Token);
                while (started.TryPeek(out var next))
                {
                    await next.ConfigureAwait(false);
                    _ = started.Dequeue();
                    sent[confirmed++].SetResult();
                }
            }
        }
        catch (Exception exception)
        {
            // What is still under way must have ended before all comes again.
            await failed.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(started).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            for (var i = confirmed; i < sent.Length; i++)
                sent[i].SetException(exception);
        }
    }

    private static void StartWindow(
        int left, int first, int size, Func<int, CancellationToken, StartedSend> start, Queue<Task> started, CancellationToken cancellationToken)
    {
        var isUnderWay = true;
        for (var i = 0; i < Math.Min(left, size) && isUnderWay; i++)
        {
            (var confirmed, isUnderWay) = start(first + i, cancellationToken);
            started.Enqueue(confirmed);
        }
    }
}
