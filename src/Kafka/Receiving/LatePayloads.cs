using System.Diagnostics.CodeAnalysis;
using MassTransit.Payloads;

namespace IotBus.Kafka;

/// <summary>The payloads of a context: a list of them is made with the first, which most messages never get. Thread-safe.</summary>
internal struct LatePayloads
{
    private ListPayloadCache? _added;

    /// <summary>Whether there are any.</summary>
    public readonly bool Any => _added is not null;

    /// <summary>Takes another.</summary>
    public IPayloadCache Added => Volatile.Read(ref _added) ?? Interlocked.CompareExchange(ref _added, new ListPayloadCache(), null) ?? _added;

    public readonly bool Has(Type type) => _added?.HasPayloadType(type) == true;

    public readonly bool TryGet<T>([NotNullWhen(true)] out T? payload)
        where T : class
    {
        payload = null;
        return _added?.TryGetPayload(out payload) == true && payload is not null;
    }
}
