using System.Diagnostics.CodeAnalysis;
using MassTransit;
using MassTransit.Context;
using MassTransit.Payloads;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka;

/// <summary>A message with its consumer and the scope that they share. What filters add from here on stays here.</summary>
internal sealed class TopicConsumerContext<TConsumer, T>(ConsumeContext<T> context, IServiceScope scope, IServiceProvider services)
    : ConsumeContextProxy<T>(context), ConsumerConsumeContext<TConsumer, T>
    where TConsumer : class
    where T : class
{
    private readonly ConsumeContext<T> _context = context;
    private LatePayloads _payloads;

    /// <summary>Set once it is made.</summary>
    public TConsumer Consumer { get; set; } = null!;

    public override bool HasPayloadType(Type payloadType) =>
        payloadType.IsInstanceOfType(this)
        || payloadType.IsInstanceOfType(services)
        || payloadType.IsInstanceOfType(scope)
        || _payloads.Has(payloadType)
        || _context.HasPayloadType(payloadType);

    public override bool TryGetPayload<TPayload>([NotNullWhen(true)] out TPayload? payload)
        where TPayload : class => TryGetOwn(out payload) || _context.TryGetPayload(out payload);

    public override TPayload GetOrAddPayload<TPayload>(PayloadFactory<TPayload> payloadFactory) =>
        TryGetPayload<TPayload>(out var payload) ? payload : _payloads.Added.GetOrAddPayload(payloadFactory);

    public override TPayload AddOrUpdatePayload<TPayload>(PayloadFactory<TPayload> addFactory, UpdatePayloadFactory<TPayload> updateFactory)
    {
        if (this is TPayload own)
            return own;

        // What lies outside stays as it is there: the update is this scope's alone.
        if (!_payloads.TryGet<TPayload>(out _) && TryGetPayload<TPayload>(out var payload))
            return _payloads.Added.AddOrUpdatePayload(() => updateFactory(payload), updateFactory);

        return _payloads.Added.AddOrUpdatePayload(addFactory, updateFactory);
    }

    private bool TryGetOwn<TPayload>([NotNullWhen(true)] out TPayload? payload)
        where TPayload : class
    {
        payload = this as TPayload;
        return payload is not null || _payloads.TryGet(out payload) || Is(services, out payload) || Is(scope, out payload);
    }

    private static bool Is<TPayload>(object value, [NotNullWhen(true)] out TPayload? payload)
        where TPayload : class
    {
        payload = value as TPayload;
        return payload is not null;
    }
}
