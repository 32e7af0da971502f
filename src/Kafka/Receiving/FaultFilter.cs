using MassTransit;

namespace IotBus.Kafka;

/// <summary>
/// Ends the pipeline of a message that failed: notes the failure, which the endpoint then deals with. MassTransit would move the message to a
/// queue of the bus, or discard it.
/// </summary>
internal sealed class FaultFilter : IFilter<ExceptionReceiveContext>
{
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        if (context.TryGetPayload(out TopicReceiveContext? receive))
        {
            receive.Fault = context.Exception;
            receive.Attempts = AttemptsOf(receive);
        }

        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("topicFault");

    private static int AttemptsOf(TopicReceiveContext context)
    {
        if (context.TryGetPayload(out ConsumeRetryContext? consume) && consume.RetryCount > 0)
            return consume.RetryCount + 1;

        return context.TryGetPayload(out RetryContext? retry) ? retry.RetryCount + 1 : 1;
    }
}

/// <summary>Ends the pipeline of a message that no consumer took: notes it.</summary>
internal sealed class SkippedFilter : IFilter<ReceiveContext>
{
    public Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        if (context.TryGetPayload(out TopicReceiveContext? receive))
            receive.Skipped = true;

        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("topicSkipped");
}
