using MassTransit;
using MassTransit.Middleware;
using MassTransit.Saga;

namespace IotBus.Persistence;

/// <summary>Instances for reports, outside any message.</summary>
internal sealed class SagaReadContext<TSaga>(SagaCollection<TSaga> sagas, CancellationToken cancellationToken)
    : BasePipeContext(cancellationToken), QuerySagaRepositoryContext<TSaga>, LoadSagaRepositoryContext<TSaga>
    where TSaga : class, ISagaVersion
{
    // MassTransit's interface knows no null, and its callers expect one.
    public async Task<TSaga> Load(Guid correlationId) =>
        (await sagas.LoadAsync(correlationId, session: null, CancellationToken).ConfigureAwait(false))!;

    public async Task<SagaRepositoryQueryContext<TSaga>> Query(ISagaQuery<TSaga> query, CancellationToken cancellationToken = default)
    {
        var found = await sagas.FindIdsAsync(query.FilterExpression, cancellationToken).ConfigureAwait(false);
        return new DefaultSagaRepositoryQueryContext<TSaga>(this, [.. found]);
    }
}
