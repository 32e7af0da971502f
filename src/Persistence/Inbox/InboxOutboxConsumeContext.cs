using MassTransit;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;

namespace IotBus.Persistence;

/// <summary>What a consumer behind the outbox gets: what it sends is kept for the transaction, which commits when it has consumed.</summary>
internal sealed class InboxOutboxConsumeContext<TMessage>(
    ConsumeContext<TMessage> context, OutboxConsumeOptions options, IServiceProvider provider, MongoDbContext database)
    : OutboxConsumeContextProxy<TMessage>(context, options, provider), IMongoDbTransactionContext
    where TMessage : class
{
    private bool _isConsumed;

    public MongoDbContext MongoDb => database;

    public override bool ContinueProcessing { get; set; } = true;

    public override bool IsMessageConsumed => _isConsumed;

    // Others deliver, in bulk: nobody waits for it here.
    public override bool IsOutboxDelivered => true;

    public override int ReceiveCount => 0;

    public override long? LastSequenceNumber => null;

    public void MarkConsumed() => _isConsumed = true;

    public override Task SetConsumed() => database.CommitTransactionAsync(CancellationToken);

    public override Task SetDelivered() => Task.CompletedTask;

    public override Task<List<OutboxMessageContext>> LoadOutboxMessages() => Task.FromResult(new List<OutboxMessageContext>());

    public override Task NotifyOutboxMessageDelivered(OutboxMessageContext message) => Task.CompletedTask;

    public override Task RemoveOutboxMessages() => Task.CompletedTask;

    public override Task AddSend<T>(SendContext<T> context)
    {
        database.Capture.Add(context);
        return Task.CompletedTask;
    }
}
