using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>
/// A message as librdkafka takes it: its key, headers and value written one after the other into memory that does not move, and the arguments that tell
/// where they are. A thread writes one message after the other into its buffer, so that none costs an allocation. Not thread-safe.
/// </summary>
internal sealed unsafe class RecordBuffer : IBufferWriter<byte>
{
    // A thread that once wrote a large message does not keep the memory for it, only how much that was, up to a bound.
    private const int KeptBytes = 64 * 1024;
    private const int MostForeseen = 1024 * 1024;
    private const int LeastSpace = 256;
    private const int GuidLength = 36;

    // What every message has, in this order; its headers follow.
    private const int TopicAt = 0, PartitionAt = 1, OpaqueAt = 2, TimeAt = 3, FlagsAt = 4, KeyAt = 5, ValueAt = 6, FirstHeader = 7;

    // RD_KAFKA_MSG_F_COPY: the client copies the value, as it copies the rest.
    private const int CopyFlag = 0x2;

    [ThreadStatic]
    private static RecordBuffer? _spare;

    private byte[] _bytes = [];
    private byte[] _kept = [];
    private nint _start;
    private int _length;
    private int _foreseen;
    private NativeArgument[] _arguments = GC.AllocateArray<NativeArgument>(FirstHeader + 16, pinned: true);
    private int _count = FirstHeader;
    private Utf8JsonWriter? _json;

    private RecordBuffer()
    {
        Grow(8 * LeastSpace);
        _arguments[TopicAt].Kind = ArgumentKind.TopicHandle;
        _arguments[PartitionAt].Kind = ArgumentKind.Partition;
        _arguments[OpaqueAt].Kind = ArgumentKind.Opaque;
        _arguments[TimeAt].Kind = ArgumentKind.Timestamp;
        _arguments[FlagsAt].Kind = ArgumentKind.Flags;
        _arguments[FlagsAt].Number = CopyFlag;
        _arguments[KeyAt].Kind = ArgumentKind.Key;
        _arguments[ValueAt].Kind = ArgumentKind.Value;
    }

    /// <summary>The size of the key, the value and the headers, bytes.</summary>
    public long Size { get; private set; }

    public int HeaderCount => _count - FirstHeader;

    public bool HasKey => _arguments[KeyAt].Pointer != 0;

    public ReadOnlySpan<byte> Key => new((void*)_arguments[KeyAt].Pointer, (int)_arguments[KeyAt].Size);

    public bool HasValue => _arguments[ValueAt].Pointer != 0;

    public ReadOnlySpan<byte> Value => new((void*)_arguments[ValueAt].Pointer, (int)_arguments[ValueAt].Size);

    /// <summary>This thread's, empty. Whoever rents it returns it.</summary>
    public static RecordBuffer Rent()
    {
        var record = _spare ?? new RecordBuffer();
        _spare = null;
        return record;
    }

    public void Return()
    {
        if (_bytes.Length > KeptBytes)
        {
            // A little more, for those that differ.
            _foreseen = (int)Math.Min(_length + (_length / 4L), MostForeseen);
            Use(_kept);
        }

        (_length, _count, Size) = (0, FirstHeader, 0);
        _arguments[KeyAt].Pointer = _arguments[KeyAt].Size = _arguments[ValueAt].Pointer = _arguments[ValueAt].Size = 0;
        _arguments[TimeAt].Time = 0;
        _spare = this;
    }

    public void SetKey(ReadOnlySpan<byte> key) => Set(KeyAt, Write(key), key.Length);

    public void SetKey(string key)
    {
        var length = Encoding.UTF8.GetBytes(key, GetSpan(Encoding.UTF8.GetMaxByteCount(key.Length)));
        Set(KeyAt, Take(length), length);
    }

    public void SetJson(object message, JsonTypeInfo type)
    {
        var before = _length;
        WriteJson(message, type);
        Set(ValueAt, _start + before, _length - before);
    }

    /// <summary>Sets a value that lies elsewhere, and does not move, until it is handed over.</summary>
    public void SetValue(byte* value, int length) => Set(ValueAt, value is null ? _start : (nint)value, length);

    /// <summary>When the message was made, in milliseconds since 1970; 0 for when it is handed over.</summary>
    public void SetTime(long milliseconds) => _arguments[TimeAt].Time = milliseconds;

    public void Add(PinnedText name, PinnedText value) => Add(name.Pointer, name.Bytes.Length, value.Pointer, value.Bytes.Length);

    /// <summary>Adds a header that is an identifier as MassTransit writes it: 36 characters, lower-case, with hyphens.</summary>
    public void Add(PinnedText name, Guid value)
    {
        Utf8Formatter.TryFormat(value, GetSpan(GuidLength), out var length);
        Add(name.Pointer, name.Bytes.Length, Take(length), length);
    }

    public void Add(PinnedText name, ReadOnlySpan<byte> value) => Add(name.Pointer, name.Bytes.Length, Write(value), value.Length);

    public void Add(string name, byte[]? value)
    {
        var space = GetSpan(Encoding.UTF8.GetMaxByteCount(name.Length) + 1);
        var length = Encoding.UTF8.GetBytes(name, space);
        space[length] = 0;

        // By its place, because the value may move it.
        var before = _length;
        _length += length + 1;
        var written = value is null ? 0 : Write(value);
        Add(_start + before, length, written, value?.Length ?? 0);
    }

    /// <summary>Writes JSON that is no value yet.</summary>
    public void WriteJson(object message, JsonTypeInfo type)
    {
        _json ??= new Utf8JsonWriter(this, new JsonWriterOptions { SkipValidation = true });
        _json.Reset(this);
        JsonSerializer.Serialize(_json, message, type);
    }

    public byte[] WrittenBytes() => _bytes.AsSpan(0, _length).ToArray();

    /// <summary>Hands it over to a client, which copies it.</summary>
    /// <param name="client">A client that is not closed meanwhile.</param>
    /// <param name="topic">One of its topics.</param>
    /// <param name="partition">The partition, or <see cref="Partition.Any"/>.</param>
    /// <param name="opaque">What comes back with the report.</param>
    /// <returns>The error, to be destroyed, or 0.</returns>
    public nint Produce(nint client, nint topic, Partition partition, nint opaque)
    {
        _arguments[TopicAt].Pointer = topic;
        _arguments[PartitionAt].Number = partition.Value;
        _arguments[OpaqueAt].Pointer = opaque;
        fixed (NativeArgument* arguments = _arguments)
            return NativeProducer.Produce(client, arguments, (nuint)_count);
    }

    /// <summary>A copy of it.</summary>
    public Message<byte[], byte[]> ToMessage()
    {
        var headers = new Headers();
        foreach (ref readonly var header in _arguments.AsSpan(FirstHeader, HeaderCount))
        {
            var value = header.HeaderValue == 0 ? null : new ReadOnlySpan<byte>((void*)header.HeaderValue, (int)header.HeaderSize).ToArray();
            headers.Add(Marshal.PtrToStringUTF8(header.Pointer)!, value);
        }

        return new Message<byte[], byte[]> { Key = HasKey ? Key.ToArray() : null!, Value = HasValue ? Value.ToArray() : null!, Headers = headers };
    }

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_bytes.Length - _length < Math.Max(sizeHint, LeastSpace))
            Grow(Math.Max(sizeHint, LeastSpace));

        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private void Set(int argument, nint pointer, int length)
    {
        (_arguments[argument].Pointer, _arguments[argument].Size) = (pointer, length);
        Size += length;
    }

    private void Add(nint name, int nameLength, nint value, int valueLength)
    {
        if (_count == _arguments.Length)
        {
            var more = GC.AllocateArray<NativeArgument>(2 * _count, pinned: true);
            _arguments.CopyTo(more, 0);
            _arguments = more;
        }

        ref var header = ref _arguments[_count++];
        header.Kind = ArgumentKind.Header;
        (header.Pointer, header.HeaderValue, header.HeaderSize) = (name, value, valueLength);
        Size += nameLength + valueLength;
    }

    private nint Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        return Take(bytes.Length);
    }

    private nint Take(int length)
    {
        var at = _start + _length;
        _length += length;
        return at;
    }

    private void Grow(int space)
    {
        var size = Math.Max(2L * _bytes.Length, (long)_length + space);
        if (size > KeptBytes)
            size = Math.Max(size, _foreseen);

        var bytes = GC.AllocateUninitializedArray<byte>(checked((int)size), pinned: true);
        _bytes.AsSpan(0, _length).CopyTo(bytes);
        var start = Marshal.UnsafeAddrOfPinnedArrayElement(bytes, 0);
        foreach (ref var argument in _arguments.AsSpan(KeyAt, _count - KeyAt))
        {
            argument.Pointer = Moved(argument.Pointer, start);
            if (argument.Kind == ArgumentKind.Header)
                argument.HeaderValue = Moved(argument.HeaderValue, start);
        }

        Use(bytes);
        if (size <= KeptBytes)
            _kept = bytes;
    }

    private void Use(byte[] bytes) => (_bytes, _start) = (bytes, Marshal.UnsafeAddrOfPinnedArrayElement(bytes, 0));

    private nint Moved(nint pointer, nint start) => pointer >= _start && pointer <= _start + _length && _length > 0 ? start + (pointer - _start) : pointer;
}
