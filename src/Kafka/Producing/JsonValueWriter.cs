using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>
/// Writes messages as raw JSON by their runtime type, so that a producer of a base type writes all of a message. Thread-safe.
/// </summary>
internal sealed class JsonValueWriter(JsonTypes types, Type declared)
{
    // A thread that once wrote a large message does not keep its buffer.
    private const int KeptBytes = 64 * 1024;

    [ThreadStatic]
    private static Scratch? _scratch;

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
        var scratch = _scratch ??= new Scratch();
        scratch.Buffer.ResetWrittenCount();
        scratch.Writer.Reset(scratch.Buffer);
        try
        {
            JsonSerializer.Serialize(scratch.Writer, message, binding.Json);
            return scratch.Buffer.WrittenSpan.ToArray();
        }
        finally
        {
            if (scratch.Buffer.Capacity > KeptBytes)
                _scratch = null;
        }
    }

    private TypeBinding Bind(Type type)
    {
        var written = RuntimeTypes.Of(type, declared);
        return new TypeBinding(type, types.Get(written), MessageHeaderWriter.TypeHeader(written));
    }

    /// <summary>What is known of a runtime type.</summary>
    public sealed record TypeBinding(Type Type, JsonTypeInfo Json, Header Header);

    private sealed class Scratch
    {
        public ArrayBufferWriter<byte> Buffer { get; } = new(1024);

        public Utf8JsonWriter Writer { get; } = new(Stream.Null, new JsonWriterOptions { SkipValidation = true });
    }
}
