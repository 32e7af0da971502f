using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>Commits, and commits again while the result is unknown, as MongoDB's specification of transactions says.</summary>
internal sealed class TransactionCommit(MongoDbOutboxOptions options, TimeProvider time)
{
    public Backoff NewBackoff() => new(options.RetryTimeLimit, time);

    /// <remarks>It is not cancelled: who gave up a commit would not know what became of it.</remarks>
    public async Task CommitAsync(MongoSession session)
    {
        MongoException? unknown = null;
        var backoff = NewBackoff();
        while (true)
        {
            try
            {
                await session.CommitTransactionAsync(CancellationToken.None).ConfigureAwait(false);
                return;
            }
            catch (MongoException e) when (e.HasLabel(MongoLabels.UnknownCommitResult) && backoff.Next() is { } pause)
            {
                unknown = e;
                await Task.Delay(pause, time).ConfigureAwait(false);
            }
            catch (MongoException e) when (unknown is not null && !e.HasLabel(MongoLabels.UnknownCommitResult))
            {
                // "No such transaction": the first commit may have ended it. Whoever runs the message again finds its inbox row, or not.
                throw new UncertainCommitException(unknown, e);
            }
        }
    }
}
