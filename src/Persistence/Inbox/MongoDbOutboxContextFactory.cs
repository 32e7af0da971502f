using IotBus.MongoDb;
using MassTransit;
using MassTransit.Middleware;

namespace IotBus.Persistence;

/// <summary>
/// Consumes a message in one transaction: its inbox row first, then what the consumer writes, then what it sends. A message that has a row was consumed, and
/// is acknowledged without its consumer. Made in each message's scope.
/// </summary>
internal sealed class MongoDbOutboxContextFactory(
    MongoDbContext database,
    InboxCollection inbox,
    StoreSetup setup,
    OutboxMetrics metrics,
    OutboxTransports transports,
    IServiceProvider provider)
    : IOutboxContextFactory<MongoDbContext>
{
    public async Task Send<T>(ConsumeContext<T> context, OutboxConsumeOptions options, IPipe<OutboxConsumeContext<T>> next)
        where T : class
    {
        var messages = InboxMessages<T>.Instance;
        var known = new HashSet<Guid>();
        while (messages.Without(context, known) is { } rest)
        {
            if (await TryConsumeAsync(rest, messages.Ids(rest), options, next).ConfigureAwait(false))
                return;

            var consumed = await inbox.FindAsync(options.ConsumerId, messages.Ids(context), context.CancellationToken).ConfigureAwait(false);
            metrics.Duplicate(consumed.Count);
            known.UnionWith(consumed);
        }

        var duplicate = new InboxOutboxConsumeContext<T>(context, options, provider, database, transports);
        duplicate.MarkConsumed();
        await next.Send(duplicate).ConfigureAwait(false);
    }

    public void Probe(ProbeContext context)
    {
        var scope = context.CreateFilterScope("outboxContextFactory");
        scope.Add("provider", "mongoDb");
    }

    /// <summary>False if a message was consumed before.</summary>
    private async Task<bool> TryConsumeAsync<T>(
        ConsumeContext<T> context, IReadOnlyList<Guid> ids, OutboxConsumeOptions options, IPipe<OutboxConsumeContext<T>> next)
        where T : class
    {
        var outbox = new InboxOutboxConsumeContext<T>(context, options, provider, database, transports);
        FaultPoint.Reach("before transaction");
        var session = await database.BeginTransactionAsync(context.CancellationToken).ConfigureAwait(false);
        try
        {
            if (!await TryMarkAsync(options.ConsumerId, ids, session, context.CancellationToken).ConfigureAwait(false))
                return false;

            FaultPoint.Reach("after inbox");
            await next.Send(outbox).ConfigureAwait(false);
        }
        catch (SagaIndexMissingException missing)
        {
            await database.AbortTransactionAsync().ConfigureAwait(false);
            await setup.IndexAsync(missing.Collection, missing.Index).ConfigureAwait(false);
            throw;
        }
        finally
        {
            await database.AbortTransactionAsync().ConfigureAwait(false);
        }

        outbox.MarkConsumed();
        await next.Send(outbox).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> TryMarkAsync(Guid consumer, IReadOnlyList<Guid> ids, MongoSession session, CancellationToken cancellationToken)
    {
        try
        {
            await inbox.InsertAsync(consumer, ids, session, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (MongoException e) when (e.IsDuplicateKey)
        {
            return false;
        }
    }
}
