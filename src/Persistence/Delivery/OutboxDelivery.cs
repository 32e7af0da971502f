using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IotBus.Persistence;

/// <summary>
/// Delivers the outbox. What this process commits wakes it at once; a query every <c>QueryDelay</c>, which reads one index entry a destination, finds what is
/// due by now and what processes that died have left. Every so often it also says that this process lives, and ends what dead ones left open.
/// </summary>
internal sealed partial class OutboxDelivery(
    OutboxDeliveryServices services, OutboxSignal signal, StoreSetup setup, ILogger<OutboxDelivery> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<string, DestinationDelivery> _running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, bool> _tasks = [];
    private readonly SemaphoreSlim _sooner = new(0, 1);
    private CancellationToken _stopping;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        var isFirst = true;
        var heartbeat = 0L;
        signal.Listen(OnCommitted);
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = services.Options.QueryDelay;
            try
            {
                await setup.OutboxAsync().ConfigureAwait(false);
                if (isFirst || services.Time.GetElapsedTime(heartbeat) > services.Options.LeaseDuration / 4)
                {
                    heartbeat = services.Time.GetTimestamp();
                    await services.Processes.HeartbeatAsync(stoppingToken).ConfigureAwait(false);
                    await services.Processes.ReapAsync(predecessor: isFirst, stoppingToken).ConfigureAwait(false);
                    isFirst = false;
                }

                if (services.Options.DeliversMessages)
                    wait = await LookAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The store is away, or refuses: the next look tells.
                LogFailed(e);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }

            await WaitAsync(wait, stoppingToken).ConfigureAwait(false);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        signal.Listen(null);
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(_tasks.Keys).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Dispose()
    {
        base.Dispose();
        _sooner.Dispose();
    }

    private void OnCommitted(IReadOnlyList<OutboxMessage> messages)
    {
        if (!services.Options.DeliversMessages)
            return;

        var isScheduled = false;
        foreach (var message in messages)
        {
            if (message.Due is null)
                Wake(message.DestinationAddress.OriginalString);
            else
                isScheduled = true;
        }

        if (isScheduled)
            LookSooner();
    }

    private void LookSooner()
    {
        lock (_sooner)
        {
            if (_sooner.CurrentCount == 0)
                _sooner.Release();
        }
    }

    /// <summary>Wakes the deliveries of what is due; tells how long to wait for what is due next.</summary>
    private async Task<TimeSpan> LookAsync(CancellationToken cancellationToken)
    {
        var wait = services.Options.QueryDelay;
        var heads = await services.Outbox.FindHeadsAsync(cancellationToken).ConfigureAwait(false);
        var now = services.Time.GetUtcNow();
        foreach (var head in heads)
        {
            if (head.Due <= now)
                Wake(head.Destination);
            else if (head.Due - now < wait)
                wait = head.Due - now;
        }

        return wait;
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var awake = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sooner = _sooner.WaitAsync(awake.Token);

        // A timer may fire a moment early; a millisecond more saves a look for nothing.
        var later = Task.Delay(wait + TimeSpan.FromMilliseconds(1), services.Time, awake.Token);
        await Task.WhenAny(sooner, later).ConfigureAwait(false);
        await awake.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(sooner, later).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Wake(string destination)
    {
        if (_stopping.IsCancellationRequested)
            return;

        DestinationDelivery? started = null;
        lock (_running)
        {
            if (_running.TryGetValue(destination, out var running))
            {
                running.Ask();
                return;
            }

            started = _running[destination] = new DestinationDelivery(destination, services, logger);
            started.Ask();
        }

        var task = Task.Run(() => RunAsync(destination, started), CancellationToken.None);
        _tasks[task] = true;
        _ = task.ContinueWith(done => _tasks.TryRemove(done, out _), TaskScheduler.Default);
    }

    private async Task RunAsync(string destination, DestinationDelivery delivery)
    {
        while (true)
        {
            try
            {
                await delivery.RunAsync(_stopping).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The query finds again what is left here.
                LogFailed(e);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // It is stopped.
            }

            lock (_running)
            {
                if (!delivery.IsAsked || _stopping.IsCancellationRequested)
                {
                    _running.TryRemove(destination, out _);
                    delivery.Dispose();
                    return;
                }
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outbox could not be read or written; the next look tries again.")]
    private partial void LogFailed(Exception exception);
}
