using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace IotBus.MongoDb;

/// <summary>
/// A pooled, growing buffer that BSON documents are written into, one after the other, with a <see cref="BsonWriter"/>.
/// Not thread-safe. After <see cref="Dispose"/> it must not be used.
/// </summary>
/// <param name="capacity">How many bytes it holds before it grows for the first time.</param>
public sealed class BsonBuffer(int capacity = 1024) : IBufferWriter<byte>, IDisposable
{
    private const int NoIndex = -1;

    private PooledBytes _bytes = PooledBytes.Rent(Math.Max(capacity, 256));
    private byte[] _array = [];
    private int[] _starts = new int[8];
    private int[] _indexes = new int[8];
    private int _length;
    private int _depth;
    private bool _disposed;

    /// <summary>How many bytes were written.</summary>
    public int Length => _length;

    /// <summary>How many documents and arrays are open; 0 when what was written is whole.</summary>
    public int Depth => _depth;

    public ReadOnlySpan<byte> WrittenSpan => _bytes.Array.AsSpan(0, _length);

    /// <summary>Forgets what was written. Bytes that a call to the server still reads are left alone.</summary>
    public void Clear()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_bytes.IsShared)
        {
            var next = PooledBytes.Rent(_bytes.Array.Length);
            _bytes.Release();
            _bytes = next;
            _array = next.Array;
        }

        _length = 0;
        _depth = 0;
    }

    /// <summary>Copies what was written, which must be one whole document.</summary>
    public BsonDocument ToDocument() => new(WrittenSpan.ToArray());

    public void Dispose()
    {
        if (_disposed)
            return;

        _disposed = true;
        _length = 0;
        _array = [];
        _bytes.Release();
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _array.Length - _length);
        _length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(Math.Max(sizeHint, 1));
        return _array.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(Math.Max(sizeHint, 1));
        return _array.AsSpan(_length);
    }

    /// <summary>The bytes for a call that may outlive this buffer; the caller releases them.</summary>
    internal PooledBytes Share()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _bytes.Share();
    }

    /// <summary>Drops what was written after <paramref name="length"/>, open documents included.</summary>
    internal void Truncate(int length)
    {
        _length = length;
        _depth = 0;
    }

    internal void Open(bool isArray)
    {
        if (_depth == BsonLimits.MaxDepth)
            throw new BsonFormatException($"Documents are nested deeper than {BsonLimits.MaxDepth}.");

        if (_depth == _starts.Length)
        {
            Array.Resize(ref _starts, _depth * 2);
            Array.Resize(ref _indexes, _depth * 2);
        }

        _starts[_depth] = _length;
        _indexes[_depth] = isArray ? 0 : NoIndex;
        _depth++;
        Ensure(4);
        _length += 4;
    }

    internal void Close(bool isArray)
    {
        if (_depth == 0 || _indexes[_depth - 1] >= 0 != isArray)
            throw new InvalidOperationException(isArray ? "No array is open." : "No document is open.");

        Ensure(1);
        _array[_length++] = 0;
        var start = _starts[--_depth];
        var size = _length - start;
        if (size > BsonLimits.MaxDocument)
            throw new BsonFormatException($"A document has {size} bytes; the bound is {BsonLimits.MaxDocument}.");

        BinaryPrimitives.WriteInt32LittleEndian(_array.AsSpan(start), size);
    }

    /// <summary>Writes an element's type and name and makes room for its value, which it returns.</summary>
    internal Span<byte> Element(BsonType type, BsonName name, int valueLength)
    {
        if (_depth == 0 || _indexes[_depth - 1] >= 0)
            throw new InvalidOperationException("A named value belongs into a document.");

        Ensure(name.MaxLength + valueLength + 2);
        var array = _array;
        var position = _length;
        array[position++] = (byte)type;
        position += name.CopyTo(array.AsSpan(position));
        _length = position + valueLength;
        return array.AsSpan(position, valueLength);
    }

    /// <summary>The same for an element of an array, whose name is its index.</summary>
    internal Span<byte> Element(BsonType type, int valueLength)
    {
        if (_depth == 0 || _indexes[_depth - 1] < 0)
            throw new InvalidOperationException("A value without a name belongs into an array.");

        const int maxDigits = 10;
        Ensure(maxDigits + valueLength + 2);
        var array = _array;
        var position = _length;
        array[position++] = (byte)type;
        _indexes[_depth - 1]++.TryFormat(array.AsSpan(position), out var digits, provider: null);
        position += digits;
        array[position++] = 0;
        _length = position + valueLength;
        return array.AsSpan(position, valueLength);
    }

    /// <summary>Gives back the end of what was reserved, when a value took less than it might have.</summary>
    internal void Shrink(int unused) => _length -= unused;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Ensure(int count)
    {
        if (_array.Length - _length < count)
            Grow(count);
    }

    private void Grow(int count)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var needed = checked(_length + count);
        var current = _bytes.Array;
        if (current.Length < needed)
        {
            var next = PooledBytes.Rent((int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * current.Length)));
            current.AsSpan(0, _length).CopyTo(next.Array);
            _bytes.Release();
            _bytes = next;
        }

        _array = _bytes.Array;
    }
}
