using System.Collections;
using MassTransit;
using MassTransit.Context;

namespace IotBus.Persistence;

/// <summary>The messages that a consume context stands for: one, or those of a batch.</summary>
internal abstract class InboxMessages<T>
    where T : class
{
    public static InboxMessages<T> Instance { get; } = Create();

    /// <summary>Their identifiers, as they were when they were sent first.</summary>
    /// <exception cref="MessageException">One has none.</exception>
    public abstract IReadOnlyList<Guid> Ids(ConsumeContext<T> context);

    /// <summary>The context without the messages that were consumed before; null if none is left.</summary>
    public abstract ConsumeContext<T>? Without(ConsumeContext<T> context, IReadOnlySet<Guid> consumed);

    private static InboxMessages<T> Create()
    {
        var isBatch = typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(Batch<>);
        return isBatch
            ? (InboxMessages<T>)Activator.CreateInstance(typeof(BatchMessages<>).MakeGenericType(typeof(T).GetGenericArguments()))!
            : new SingleMessage<T>();
    }
}

/// <inheritdoc/>
internal sealed class SingleMessage<T> : InboxMessages<T>
    where T : class
{
    public override IReadOnlyList<Guid> Ids(ConsumeContext<T> context) => [MessageIdOf.Required(context)];

    public override ConsumeContext<T>? Without(ConsumeContext<T> context, IReadOnlySet<Guid> consumed) =>
        consumed.Count == 0 ? context : null;
}

/// <inheritdoc/>
internal sealed class BatchMessages<T> : InboxMessages<Batch<T>>
    where T : class
{
    public override IReadOnlyList<Guid> Ids(ConsumeContext<Batch<T>> context) => [.. context.Message.Select(MessageIdOf.Required)];

    public override ConsumeContext<Batch<T>>? Without(ConsumeContext<Batch<T>> context, IReadOnlySet<Guid> consumed)
    {
        var seen = new HashSet<Guid>(consumed);
        var rest = context.Message.Where(message => seen.Add(MessageIdOf.Required(message))).ToArray();
        if (rest.Length == context.Message.Length)
            return context;

        return rest.Length == 0 ? null : new MessageConsumeContext<Batch<T>>(context, new Remainder(context.Message, rest));
    }

    private sealed class Remainder(Batch<T> batch, ConsumeContext<T>[] messages) : Batch<T>
    {
        public BatchCompletionMode Mode => batch.Mode;

        public DateTime FirstMessageReceived => batch.FirstMessageReceived;

        public DateTime LastMessageReceived => batch.LastMessageReceived;

        public int Length => messages.Length;

        public ConsumeContext<T> this[int index] => messages[index];

        public IEnumerator<ConsumeContext<T>> GetEnumerator() => ((IEnumerable<ConsumeContext<T>>)messages).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

/// <summary>The identifier that stays when a message is delivered again.</summary>
internal static class MessageIdOf
{
    public static Guid Required<T>(ConsumeContext<T> context)
        where T : class =>
        context.GetOriginalMessageId() ?? throw new MessageException(typeof(T), "It has no MessageId, which the inbox needs.");
}
