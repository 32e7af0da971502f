using MassTransit;

namespace IotBus.Persistence;

/// <summary>
/// Makes of the consumed message, which a consumer schedules for itself once more, a message of its own. Its transaction leaves a row in the inbox by which the
/// same message would be taken for consumed. What else is scheduled stays as it is.
/// </summary>
internal sealed class ConsumedAgainPipe<T>(IPipe<SendContext<T>> pipe, Guid consumed) : IPipe<SendContext<T>>
    where T : class
{
    public async Task Send(SendContext<T> context)
    {
        if (pipe.IsNotEmpty())
            await pipe.Send(context).ConfigureAwait(false);

        if ((OriginalIdOf(context) ?? context.MessageId) != consumed)
            return;

        context.MessageId = NewId.NextGuid();
        context.Headers.Set(MessageHeaders.OriginalMessageId, (string?)null);
    }

    public void Probe(ProbeContext context) => pipe.Probe(context);

    private static Guid? OriginalIdOf(SendContext<T> context) =>
        context.Headers.TryGetHeader(MessageHeaders.OriginalMessageId, out var value) ? value as Guid? ?? (Guid.TryParse(value as string, out var id) ? id : null) : null;
}
