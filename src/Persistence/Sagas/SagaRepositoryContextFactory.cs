using MassTransit;
using MassTransit.Saga;

namespace IotBus.Persistence;

/// <summary>Gives MassTransit the instances, in the transaction of the scope if one is under way.</summary>
internal sealed class SagaRepositoryContextFactory<TSaga>(
    SagaCollection<TSaga> sagas, MongoDbContext database, ISagaConsumeContextFactory<SagaCollection<TSaga>, TSaga> factory)
    : ISagaRepositoryContextFactory<TSaga>, IQuerySagaRepositoryContextFactory<TSaga>, ILoadSagaRepositoryContextFactory<TSaga>
    where TSaga : class, ISagaVersion
{
    public void Probe(ProbeContext context) => context.Add("persistence", "mongodb");

    public async Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next)
        where T : class
    {
        await sagas.ReadyAsync().ConfigureAwait(false);
        await next.Send(new SagaConsumeRepositoryContext<TSaga, T>(sagas, database, context, factory)).ConfigureAwait(false);
    }

    public async Task SendQuery<T>(ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next)
        where T : class
    {
        await sagas.ReadyAsync().ConfigureAwait(false);
        var repository = new SagaConsumeRepositoryContext<TSaga, T>(sagas, database, context, factory);
        var found = await sagas.FindAsync(query.FilterExpression, database.Session, context.CancellationToken).ConfigureAwait(false);
        await next.Send(new LoadedSagaRepositoryQueryContext<TSaga, T>(repository, [.. found])).ConfigureAwait(false);
    }

    public Task<T> Execute<T>(Func<LoadSagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken = default)
        where T : class => asyncMethod(new SagaReadContext<TSaga>(sagas, cancellationToken));

    public Task<T> Execute<T>(Func<QuerySagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken = default)
        where T : class => asyncMethod(new SagaReadContext<TSaga>(sagas, cancellationToken));
}
