using Microsoft.Extensions.Logging;

namespace IotBus.Persistence;

/// <summary>
/// Delivers to one destination, in order, while it holds the destination's lease: finds what is due, sends it, deletes what was sent in
/// bulk, and gives the lease back when nothing has come for a moment. Runs only while there is something to do.
/// </summary>
internal sealed partial class DestinationDelivery(string destination, OutboxDeliveryServices services, ILogger logger) : IDisposable
{
    /// <summary>How much is deleted at once, at least while more keeps coming.</summary>
    private const int DeleteBatch = 64;

    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly List<Guid> _sent = [];
    private volatile bool _isAsked;

    /// <summary>There is something to deliver, or there may be.</summary>
    public void Ask()
    {
        _isAsked = true;
        lock (_wake)
        {
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
    }

    /// <summary>It is not for this process; a look asks again.</summary>
    public void Leave() => _isAsked = false;

    public void Dispose() => _wake.Dispose();

    /// <summary>Whether somebody asked since it last looked.</summary>
    public bool IsAsked => _isAsked;

    /// <summary>Delivers until nothing is left, or another process has the lease.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (_isAsked)
        {
            _isAsked = false;
            if (await services.Leases.ClaimAsync(destination, services.Processes.Id, cancellationToken).ConfigureAwait(false) is { } lease)
                await DrainAsync(lease, cancellationToken).ConfigureAwait(false);
            else
                await Task.Delay(AskAgain, cancellationToken).ConfigureAwait(false); // Its holder knows now; at most a word every so often.
        }
    }

    private async Task DrainAsync(Lease lease, CancellationToken cancellationToken)
    {
        var held = new HeldLease(lease, services);
        try
        {
            var failures = 0;
            while (services.Delivers(destination))
            {
                _isAsked = false;
                var (isWhole, hasFailed) = await DeliverDueAsync(held, cancellationToken).ConfigureAwait(false);
                if (hasFailed || _sent.Count >= DeleteBatch)
                    await DeleteSentAsync(cancellationToken).ConfigureAwait(false);

                if (held.IsLost)
                    return;

                failures = hasFailed ? failures + 1 : 0;
                if (hasFailed)
                    await PauseAsync(failures, held, cancellationToken).ConfigureAwait(false);
                else if (isWhole && !_isAsked && await IsDoneAsync(held, cancellationToken).ConfigureAwait(false))
                    return;
            }
        }
        finally
        {
            await DeleteSentAsync(CancellationToken.None).ConfigureAwait(false);
            await held.ReleaseAnywayAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Sends what is due; tells whether that was all there is, and whether sending failed.</summary>
    private async Task<(bool IsWhole, bool HasFailed)> DeliverDueAsync(HeldLease held, CancellationToken cancellationToken)
    {
        var limit = services.Options.MessageDeliveryLimit;
        var now = services.Time.GetUtcNow();
        var due = await services.Outbox.FindDueAsync(destination, now, _sent, limit, cancellationToken).ConfigureAwait(false);
        var live = DropExpired(due, now);
        while (live.Count > 0)
        {
            // Never longer than a timeout without a look at the lease: another may have taken it over.
            if (!await held.KeepAsync(cancellationToken).ConfigureAwait(false))
                return (false, false);

            var transport = services.TransportFor(live[0].DestinationAddress);
            var together = transport is IOutboxBulkTransport ? live.Count : 1;
            if (!await TrySendAsync(transport, live[..together], cancellationToken).ConfigureAwait(false))
                return (false, true);

            live = live[together..];
        }

        return (due.Count < limit, false);
    }

    private ArraySegment<OutboxMessage> DropExpired(IReadOnlyList<OutboxMessage> due, DateTimeOffset now)
    {
        foreach (var message in due)
        {
            if (message.ExpirationTime <= now)
            {
                LogExpired(message.MessageId, destination, message.ExpirationTime.Value);
                _sent.Add(message.Id);
            }
        }

        return due.Where(message => !(message.ExpirationTime <= now)).ToArray();
    }

    /// <summary>Sends, and tells whether all were delivered.</summary>
    private async Task<bool> TrySendAsync(IOutboxTransport transport, ArraySegment<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(services.Options.MessageDeliveryTimeout);
        FaultPoint.Reach($"before delivery by {transport.GetType().Name}");
        IReadOnlyList<Task> sending = transport is IOutboxBulkTransport bulk
            ? bulk.Send(messages, timeout.Token)
            : [StartAsync(transport, messages[0], timeout.Token)];
        var areDelivered = true;
        for (var i = 0; i < messages.Count; i++)
        {
            try
            {
                await sending[i].ConfigureAwait(false);
                services.Metrics.Delivered(messages[i], services.Time.GetUtcNow());
                _sent.Add(messages[i].Id);
                FaultPoint.Reach($"after delivery by {transport.GetType().Name}");
            }
            catch (Exception e)
            {
                // Whatever the transport says, the message stays and is sent again: only time or an operator can help.
                if (areDelivered && !cancellationToken.IsCancellationRequested)
                    LogNotDelivered(e, messages[i].MessageId, destination);

                services.Metrics.Failed();
                areDelivered = false;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        return areDelivered;
    }

    /// <summary>What is thrown at once is the task's failure too.</summary>
    private static async Task StartAsync(IOutboxTransport transport, OutboxMessage message, CancellationToken cancellationToken) =>
        await transport.SendAsync(message, cancellationToken).ConfigureAwait(false);

    /// <summary>Waits a moment for more, then gives the lease back, unless another process has asked.</summary>
    private async Task<bool> IsDoneAsync(HeldLease held, CancellationToken cancellationToken)
    {
        await _wake.WaitAsync(Linger, cancellationToken).ConfigureAwait(false);
        if (_isAsked)
            return false;

        await DeleteSentAsync(cancellationToken).ConfigureAwait(false);
        if (_isAsked)
            return false;

        return await held.ReleaseAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task PauseAsync(int failures, HeldLease held, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, 100 * Math.Pow(2, Math.Min(failures - 1, 10))));
        await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        await held.KeepAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task DeleteSentAsync(CancellationToken cancellationToken)
    {
        if (_sent.Count == 0)
            return;

        await services.Outbox.DeleteAsync(_sent, cancellationToken).ConfigureAwait(false);
        _sent.Clear();
        FaultPoint.Reach("after delete");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {MessageId} to {Destination} was not delivered and will be sent again.")]
    private partial void LogNotDelivered(Exception exception, Guid messageId, string destination);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {MessageId} to {Destination} expired at {Expired:O}, before it could be delivered; it was dropped.")]
    private partial void LogExpired(Guid messageId, string destination, DateTimeOffset expired);
}
