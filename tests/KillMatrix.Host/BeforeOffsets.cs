using IotBus.Persistence;
using MassTransit;

namespace IotBus.KillMatrix;

/// <summary>Reaches a step when a message of a topic was consumed, which is before its offset is stored.</summary>
internal sealed class BeforeOffsets : IFilter<ReceiveContext>
{
    public const string Step = "before offsets";

    public async Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        await next.Send(context);
        FaultPoint.Reach(Step);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("beforeOffsets");
}
