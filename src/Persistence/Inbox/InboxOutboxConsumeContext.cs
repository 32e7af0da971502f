using MassTransit;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;

namespace IotBus.Persistence;

/// <summary>What a consumer behind the outbox gets: what it sends is kept for the transaction, which commits when it has consumed.</summary>
internal sealed class InboxOutboxConsumeContext<TMessage> : OutboxConsumeContextProxy<TMessage>, IMongoDbTransactionContext
    where TMessage : class
{
    private readonly MongoDbContext _database;
    private bool _isConsumed;

    public InboxOutboxConsumeContext(
        ConsumeContext<TMessage> context, OutboxConsumeOptions options, IServiceProvider provider, MongoDbContext database, OutboxTransports transports)
        : base(context, options, provider)
    {
        _database = database;
        if (context.HasPayloadType(typeof(MessageSchedulerContext)))
        {
            context.AddOrUpdatePayload<MessageRedeliveryContext>(
                () => new TransactionRedelivery<TMessage>(this, database, outside: null),
                existing => Redelivery(existing, transports));
        }
    }

    public MongoDbContext MongoDb => _database;

    public override bool ContinueProcessing { get; set; } = true;

    public override bool IsMessageConsumed => _isConsumed;

    // Others deliver, in bulk: nobody waits for it here.
    public override bool IsOutboxDelivered => true;

    public override int ReceiveCount => 0;

    public override long? LastSequenceNumber => null;

    public void MarkConsumed() => _isConsumed = true;

    public override Task SetConsumed() => _database.CommitTransactionAsync(CancellationToken);

    public override Task SetDelivered() => Task.CompletedTask;

    public override Task<List<OutboxMessageContext>> LoadOutboxMessages() => Task.FromResult(new List<OutboxMessageContext>());

    public override Task NotifyOutboxMessageDelivered(OutboxMessageContext message) => Task.CompletedTask;

    public override Task RemoveOutboxMessages() => Task.CompletedTask;

    public override Task AddSend<T>(SendContext<T> context)
    {
        _database.Capture.Add(context);
        return Task.CompletedTask;
    }

    /// <summary>The transport's own, which takes the message from where it lies, goes on if nothing that is scheduled would come back to it.</summary>
    private MessageRedeliveryContext Redelivery(MessageRedeliveryContext existing, OutboxTransports transports)
    {
        if (existing is ReceiveContext receive && transports.Find(receive.InputAddress) is not IScheduleTransport)
            return existing;

        return new TransactionRedelivery<TMessage>(this, _database, existing is TransactionRedelivery<TMessage> earlier ? earlier.Outside : existing);
    }
}
