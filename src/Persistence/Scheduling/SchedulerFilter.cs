using MassTransit;
using MassTransit.Configuration;
using MassTransit.Context;
using MassTransit.Scheduling;

namespace IotBus.Persistence;

/// <summary>Gives each consume context a scheduler that writes into the outbox.</summary>
internal sealed class SchedulerFilter(OutboxWriter writer, OutboxTransports transports) : IFilter<ConsumeContext>, IPipeSpecification<ConsumeContext>
{
    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        context.GetOrAddPayload<MessageSchedulerContext>(() => new ConsumeMessageSchedulerContext(context, Create));
        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("mongoDbMessageScheduler");

    public void Apply(IPipeBuilder<ConsumeContext> builder) => builder.AddFilter(this);

    public IEnumerable<ValidationResult> Validate() => [];

    private MessageScheduler Create(ConsumeContext context)
    {
        // Behind the outbox the context has a transaction, which what is scheduled belongs to.
        var database = context.TryGetPayload<IMongoDbTransactionContext>(out var transaction) ? transaction.MongoDb : null;
        return new MessageScheduler(new MongoDbScheduleMessageProvider(context, database, writer, transports), context.GetPayload<IBusTopology>());
    }
}
