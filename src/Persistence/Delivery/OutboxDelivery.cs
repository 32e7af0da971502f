using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IotBus.Persistence;

/// <summary>
/// Delivers the outbox. What this process commits wakes it at once, and what others commit that do not deliver, through a change stream; a look now and
/// then, which reads one index entry a destination, finds what is due by now and what processes that died have left. Every so often it also says that this
/// process lives, and ends what dead ones left open.
/// </summary>
internal sealed partial class OutboxDelivery(
    OutboxDeliveryServices services, OutboxSignal signal, OutboxWatch watch, StoreSetup setup, ILogger<OutboxDelivery> logger) : BackgroundService
{
    /// <summary>While the bus starts nothing can be delivered yet.</summary>
    private const int LooksUntilTold = 10;

    private readonly ConcurrentDictionary<string, DestinationDelivery> _running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, bool> _tasks = [];
    private readonly ConcurrentDictionary<string, int> _left = new(StringComparer.Ordinal);
    private readonly LookTimer _timer = new(services.Time);
    private CancellationToken _stopping;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        var watching = Task.CompletedTask;
        if (services.Options.DeliversMessages)
        {
            signal.Listen(OnCommitted);
            watching = watch.RunAsync(() => _timer.LookIn(TimeSpan.Zero), OnChanged, stoppingToken);
        }

        await LookForEverAsync(stoppingToken).ConfigureAwait(false);
        await watching.ConfigureAwait(false);
    }

    private async Task LookForEverAsync(CancellationToken stoppingToken)
    {
        var isFirst = true;
        var heartbeat = 0L;
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = services.Options.LookDelay;
            _timer.Begin();
            try
            {
                await setup.OutboxAsync().ConfigureAwait(false);
                if (isFirst || services.Time.GetElapsedTime(heartbeat) > services.Options.IdleDelay)
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

            await _timer.WaitAsync(wait, stoppingToken).ConfigureAwait(false);
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
        _timer.Dispose();
    }

    private void OnCommitted(IReadOnlyList<OutboxMessage> messages)
    {
        foreach (var message in messages)
            OnChanged(new DestinationHead(message.DestinationAddress.OriginalString, message.Due ?? OutboxDocument.AtOnce));
    }

    private void OnChanged(DestinationHead head)
    {
        var now = services.Time.GetUtcNow();
        if (head.Due <= now)
            Wake(head.Destination);
        else
            _timer.LookIn(head.Due - now);
    }

    /// <summary>Wakes the deliveries of what is due; tells how long to wait for what is due next.</summary>
    private async Task<TimeSpan> LookAsync(CancellationToken cancellationToken)
    {
        var isWatched = watch.IsOpen;
        var heads = await services.Outbox.FindHeadsAsync(cancellationToken).ConfigureAwait(false);
        var now = services.Time.GetUtcNow();
        var isIdle = true;
        var wait = isWatched ? services.Options.IdleDelay : services.Options.LookDelay;
        foreach (var head in heads)
        {
            if (head.Due <= now)
            {
                // Whoever delivers it may die meanwhile.
                isIdle = false;
                Wake(head.Destination);
            }
            else if (head.Due - now < wait)
            {
                wait = head.Due - now;
            }
        }

        return isIdle || wait < services.Options.LookDelay ? wait : services.Options.LookDelay;
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
                if (IsLeft(destination))
                    delivery.Leave();
                else
                    await delivery.RunAsync(_stopping).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // A look finds again what is left here.
                LogFailed(e);
                _timer.LookIn(services.Options.LookDelay);
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

    /// <summary>Whether it is other processes' to deliver there.</summary>
    private bool IsLeft(string destination)
    {
        if (services.Delivers(destination))
        {
            _left.TryRemove(destination, out _);
            return false;
        }

        if (_left.AddOrUpdate(destination, 1, (_, looks) => looks + 1) == LooksUntilTold)
            LogLeft(destination);

        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outbox could not be read or written; the next look tries again.")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Messages for {Destination} are due, which this process does not have; they wait for one that has.")]
    private partial void LogLeft(string destination);
}
