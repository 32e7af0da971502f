using MassTransit;
using MassTransit.Context;
using MassTransit.Saga;

namespace IotBus.Persistence;

/// <summary>Loads and stores the instances that one message is for.</summary>
internal sealed class SagaConsumeRepositoryContext<TSaga, TMessage>(
    SagaCollection<TSaga> sagas,
    MongoDbContext database,
    ConsumeContext<TMessage> context,
    ISagaConsumeContextFactory<SagaCollection<TSaga>, TSaga> factory)
    : ConsumeContextScope<TMessage>(context), SagaRepositoryContext<TSaga, TMessage>
    where TSaga : class, ISagaVersion
    where TMessage : class
{
    private readonly ConsumeContext<TMessage> _context = context;

    public Task<SagaConsumeContext<TSaga, T>> CreateSagaConsumeContext<T>(ConsumeContext<T> consumeContext, TSaga instance, SagaConsumeContextMode mode)
        where T : class => factory.CreateSagaConsumeContext(sagas, consumeContext, instance, mode);

    public Task<SagaConsumeContext<TSaga, TMessage>> Add(TSaga instance) =>
        factory.CreateSagaConsumeContext(sagas, _context, instance, SagaConsumeContextMode.Add);

    public async Task<SagaConsumeContext<TSaga, TMessage>> Insert(TSaga instance)
    {
        // A key that is there would end the transaction, so look first.
        if (await sagas.LoadAsync(instance.CorrelationId, database.Session, CancellationToken).ConfigureAwait(false) is { } existing)
            return await factory.CreateSagaConsumeContext(sagas, _context, existing, SagaConsumeContextMode.Load).ConfigureAwait(false);

        await sagas.InsertAsync(instance, database.Session, CancellationToken).ConfigureAwait(false);
        return await factory.CreateSagaConsumeContext(sagas, _context, instance, SagaConsumeContextMode.Insert).ConfigureAwait(false);
    }

    public async Task<SagaConsumeContext<TSaga, TMessage>> Load(Guid correlationId)
    {
        // MassTransit's interface knows no null, and its callers expect one.
        return await sagas.LoadAsync(correlationId, database.Session, CancellationToken).ConfigureAwait(false) is { } instance
            ? await factory.CreateSagaConsumeContext(sagas, _context, instance, SagaConsumeContextMode.Load).ConfigureAwait(false)
            : null!;
    }

    public Task Save(SagaConsumeContext<TSaga> context) => sagas.InsertAsync(context.Saga, database.Session, CancellationToken);

    public Task Update(SagaConsumeContext<TSaga> context) => sagas.UpdateAsync(context.Saga, database.Session, CancellationToken);

    public Task Delete(SagaConsumeContext<TSaga> context) => sagas.CompleteAsync(context.Saga, database.Session, CancellationToken);

    public async Task Discard(SagaConsumeContext<TSaga> context)
    {
        // It completed with its first message: nothing to remove, but something to keep.
        if (!sagas.KeepsCompleted)
            return;

        await sagas.InsertAsync(context.Saga, database.Session, CancellationToken).ConfigureAwait(false);
        await sagas.CompleteAsync(context.Saga, database.Session, CancellationToken).ConfigureAwait(false);
    }

    public Task Undo(SagaConsumeContext<TSaga> context) => Task.CompletedTask;
}
