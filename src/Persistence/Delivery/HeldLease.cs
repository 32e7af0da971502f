namespace IotBus.Persistence;

/// <summary>A lease while it is held: renewed in time, by a clock that nobody can set.</summary>
internal sealed class HeldLease(Lease lease, OutboxDeliveryServices services)
{
    private Lease? _lease = lease;
    private long _renewed = System.Diagnostics.Stopwatch.GetTimestamp();

    public bool IsLost => _lease is null;

    /// <summary>Renews it once a quarter of its time has passed; false if it was lost.</summary>
    public async Task<bool> KeepAsync(CancellationToken cancellationToken)
    {
        if (_lease is null)
            return false;

        if (System.Diagnostics.Stopwatch.GetElapsedTime(_renewed) < services.Options.LeaseDuration / 4)
            return true;

        return await RenewAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives it back; false if another has asked for it, so that there may be more.</summary>
    public async Task<bool> ReleaseAsync(CancellationToken cancellationToken)
    {
        if (_lease is null)
            return true;

        if (await services.Leases.ReleaseAsync(_lease, cancellationToken).ConfigureAwait(false))
        {
            _lease = null;
            return true;
        }

        return !await RenewAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>When delivering ended early.</summary>
    public async Task ReleaseAnywayAsync()
    {
        for (var attempt = 0; _lease is not null && attempt < 3; attempt++)
            await ReleaseAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<bool> RenewAsync(CancellationToken cancellationToken)
    {
        var asked = System.Diagnostics.Stopwatch.GetTimestamp();
        _lease = await services.Leases.RenewAsync(_lease!, cancellationToken).ConfigureAwait(false);
        _renewed = asked;
        return _lease is not null;
    }
}
