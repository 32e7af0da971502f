using MassTransit;
using MassTransit.DependencyInjection;
using MassTransit.Scheduling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IotBus.Persistence;

/// <summary>Scheduled messages, held in the outbox's collection until they are due. Needs <c>AddMongoDbOutbox</c>.</summary>
public static class MongoDbMessageSchedulerExtensions
{
    /// <summary>Adds a scoped <see cref="IMessageScheduler"/>, for code outside consumers and for consumers that have one injected.</summary>
    public static void AddMongoDbMessageScheduler(this IBusRegistrationConfigurator configurator)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.TryAddScoped<IMessageScheduler>(provider =>
        {
            var consuming = provider.GetRequiredService<IScopedConsumeContextProvider>();
            var bus = provider.GetRequiredService<IBus>();
            ISendEndpointProvider endpoints = consuming.HasContext ? consuming.GetContext() : bus;
            var schedules = new MongoDbScheduleMessageProvider(
                endpoints,
                provider.GetRequiredService<MongoDbContext>(),
                provider.GetRequiredService<OutboxWriter>(),
                provider.GetRequiredService<OutboxTransports>());
            return new MessageScheduler(schedules, bus.Topology);
        });
    }

    /// <summary>
    /// Lets consumers, sagas (<c>Schedule</c>, <c>Unschedule</c>) and redelivery schedule through the outbox; on the bus, for all its endpoints, or on one
    /// endpoint of the bus or of a rider.
    /// </summary>
    public static void UseMongoDbMessageScheduler(this IPipeConfigurator<ConsumeContext> configurator, IRegistrationContext context)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(context);
        var filter = new SchedulerFilter(context.GetRequiredService<OutboxWriter>(), context.GetRequiredService<OutboxTransports>());

        // Before what is configured for single types of messages: redelivery among it, which needs the scheduler.
        if (configurator is IConsumePipeConfigurator pipe)
            pipe.AddPrePipeSpecification(filter);
        else
            configurator.AddPipeSpecification(filter);
    }
}
