using MassTransit;

namespace IotBus.Bench.Delivering;

/// <summary>Where a message on the bus arrives.</summary>
internal sealed class DeliveryConsumer(DeliveryReport report) : IConsumer<Delivery>
{
    public Task Consume(ConsumeContext<Delivery> context)
    {
        report.Arrived(context.Message.Number);
        return Task.CompletedTask;
    }
}
