using System.Diagnostics;

namespace IotBus.MongoDb;

/// <summary>The convenient transaction of MongoDB's specification for drivers (transactions-convenient-api).</summary>
public sealed partial class MongoSession
{
    /// <summary>
    /// Runs a body in a transaction and commits it, as MongoDB's specification for drivers says: all of it again, after a pause, on
    /// <see cref="MongoLabels.TransientTransaction"/>, the commit alone on <see cref="MongoLabels.UnknownCommitResult"/>, until
    /// <see cref="TransactionOptions.TimeLimit"/> has passed. An exception of the body aborts the transaction and is thrown on. The body must
    /// pass the session to each operation, must let exceptions through, and must bear being run several times.
    /// </summary>
    /// <returns>What the body returned in the attempt that was committed.</returns>
    public async Task<T> WithTransactionAsync<T>(
        Func<MongoSession, CancellationToken, Task<T>> body, TransactionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        options ??= new TransactionOptions();
        var started = Stopwatch.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                StartTransaction();
                var result = await RunBodyAsync(body, cancellationToken).ConfigureAwait(false);
                if (IsInTransaction)
                    await CommitAsync(options, started, cancellationToken).ConfigureAwait(false);

                return result;
            }
            catch (MongoException e) when (e.HasLabel(MongoLabels.TransientTransaction) && Stopwatch.GetElapsedTime(started) < options.TimeLimit)
            {
                await Task.Delay(Pause(attempt), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>5 ms, half as long again with each attempt, up to half a second, and of that a random part: so those that met do not meet again.</summary>
    private static TimeSpan Pause(int attempt) =>
        TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * Math.Min(500, 5 * Math.Pow(1.5, Math.Min(attempt, 20))));

    private async Task<T> RunBodyAsync<T>(Func<MongoSession, CancellationToken, Task<T>> body, CancellationToken cancellationToken)
    {
        try
        {
            return await body(this, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            if (IsInTransaction)
                await AbortAfterFailureAsync().ConfigureAwait(false);

            throw;
        }
    }

    /// <summary>Aborts for the sake of the server; what the caller hears of is the failure. Nobody waits behind a call that was given up.</summary>
    private async Task AbortAfterFailureAsync()
    {
        var isLate = Lane.IsLate;
        var aborting = TryAbortAsync();
        if (!isLate)
            await aborting.ConfigureAwait(false);
    }

    private async Task TryAbortAsync()
    {
        try
        {
            await AbortTransactionAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is MongoException or ObjectDisposedException)
        {
            MongoDb.Native.DriverLog.Note($"A transaction was not aborted: {e.Message}");
        }
    }

    private async Task CommitAsync(TransactionOptions options, long started, CancellationToken cancellationToken)
    {
        MongoException? unknown = null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await CommitTransactionAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (MongoException e) when (MayCommitAgain(e) && Stopwatch.GetElapsedTime(started) < options.TimeLimit)
            {
                unknown = e;
                await Task.Delay(Pause(attempt), cancellationToken).ConfigureAwait(false);
            }
            catch (MongoException e) when (unknown is not null && !options.RunAgainAfterUnknownCommit && !e.HasLabel(MongoLabels.UnknownCommitResult))
            {
                // The later answer says that there is no such transaction; whether the first commit did it is for the caller to find out.
                throw new MongoException(e.Failure, e.Message, e.Code, e.CodeName, [MongoLabels.UnknownCommitResult], unknown);
            }
        }
    }

    /// <summary>Not when the commit ran into its own bound of time: it would again.</summary>
    private static bool MayCommitAgain(MongoException e) =>
        e.HasLabel(MongoLabels.UnknownCommitResult) && e.Code != MongoCodes.MaxTimeExpired;
}
