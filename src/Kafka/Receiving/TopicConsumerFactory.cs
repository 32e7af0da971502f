using MassTransit;
using MassTransit.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka;

/// <summary>
/// Makes a consumer anew for each message, in a scope of its own, as MassTransit's own factory does, with a third of its objects. Where something before it
/// has made a scope already (a scoped filter, an outbox), and for messages that came otherwise than from a topic, MassTransit's own does it.
/// </summary>
internal sealed class TopicConsumerFactory<TConsumer>(IConsumerFactory<TConsumer> inner) : IConsumerFactory<TConsumer>
    where TConsumer : class
{
    public Task Send<T>(ConsumeContext<T> context, IPipe<ConsumerConsumeContext<TConsumer, T>> next)
        where T : class
    {
        if (context.ReceiveContext is TopicReceiveContext { Scopes: { } scopes } receive && (receive.IsBare(context) || !HasOwn(context)))
            return SendInScopeAsync(scopes, context, next);

        return inner.Send(context, next);
    }

    public void Probe(ProbeContext context) => inner.Probe(context);

    /// <summary>Whether a filter gave the message something that MassTransit's factory takes into account.</summary>
    private static bool HasOwn(ConsumeContext context) =>
        context.TryGetPayload<IServiceScope>(out _) || context.TryGetPayload<IServiceProvider>(out _) || context.TryGetPayload<MessageSchedulerContext>(out _);

    private static async Task SendInScopeAsync<T>(
        IServiceScopeFactory scopes, ConsumeContext<T> context, IPipe<ConsumerConsumeContext<TConsumer, T>> next)
        where T : class
    {
        var scope = scopes.CreateScope();
        await using var ended = new AsyncServiceScope(scope);
        var services = scope.ServiceProvider;
        var scoped = new TopicConsumerContext<TConsumer, T>(context, scope, services);

        // What the consumer itself is made of may ask for the message's context.
        using var pushed = services.GetRequiredService<IScopedConsumeContextProvider>().PushContext(scoped);
        scoped.Consumer = services.GetService<TConsumer>()
            ?? throw new ConsumerException($"Unable to resolve consumer type '{TypeCache<TConsumer>.ShortName}'.");
        await next.Send(scoped).ConfigureAwait(false);
    }
}
