using MassTransit;
using MassTransit.Context;

namespace IotBus.Persistence;

/// <summary>
/// Redelivery by a consumer within its transaction: the copy is committed with it, or not at all. Once the transaction is over it is as it was outside.
/// </summary>
internal sealed class TransactionRedelivery<T>(ConsumeContext<T> context, MongoDbContext database, MessageRedeliveryContext? outside) : MessageRedeliveryContext
    where T : class
{
    private readonly MessageRedeliveryContext _scheduled = new ScheduleMessageRedeliveryContext<T>(context, RedeliveryOptions.ReplaceMessageId);

    /// <summary>What there was before; null for nothing.</summary>
    public MessageRedeliveryContext? Outside => outside;

    public Task ScheduleRedelivery(TimeSpan delay, Action<ConsumeContext, SendContext>? callback = null) =>
        (database.Session is null && outside is not null ? outside : _scheduled).ScheduleRedelivery(delay, callback);
}
