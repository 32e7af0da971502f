using System.Collections.Concurrent;
using System.Text.Json.Serialization.Metadata;
using MassTransit;

namespace IotBus.Kafka;

/// <summary>
/// Writes messages as raw JSON by their runtime type, so that a producer of a base type writes all of a message. Thread-safe.
/// </summary>
internal sealed class JsonValueWriter(JsonTypes types, Type declared)
{
    private readonly ConcurrentDictionary<Type, TypeBinding> _bindings = new();
    private TypeBinding? _last;

    /// <exception cref="NotSupportedException">The JSON context does not know the type.</exception>
    public TypeBinding BindingFor(Type type)
    {
        var last = _last;
        if (last is not null && last.Type == type)
            return last;

        return _last = _bindings.GetOrAdd(type, static (t, writer) => writer.Bind(t), this);
    }

    public static byte[] Write(object message, TypeBinding binding)
    {
        var scratch = RecordBuffer.Rent();
        try
        {
            scratch.WriteJson(message, binding.Json);
            return scratch.WrittenBytes();
        }
        finally
        {
            scratch.Return();
        }
    }

    private TypeBinding Bind(Type type)
    {
        var written = RuntimeTypes.Of(type, declared);
        return new TypeBinding(type, types.Get(written), new PinnedText(MessageUrn.ForTypeString(written)));
    }

    /// <summary>What is known of a runtime type.</summary>
    public sealed record TypeBinding(Type Type, JsonTypeInfo Json, PinnedText Urn);
}
