using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace IotBus.MongoDb;

/// <summary>
/// A document, or an array, as the bytes it came in. Lookups go through the fields from the start, so it suits a few lookups in
/// small documents; use <see cref="BsonReader"/> where many documents pass. The default value is the empty document. Thread-safe.
/// </summary>
/// <exception cref="BsonFormatException">Bytes turn out malformed when they are read.</exception>
public readonly partial struct BsonDocument : IEnumerable<BsonElement>
{
    private static readonly byte[] EmptyBytes = [5, 0, 0, 0, 0];

    private readonly ReadOnlyMemory<byte> _bytes;

    /// <param name="bytes">Exactly one document. They are kept, not copied.</param>
    /// <exception cref="BsonFormatException">Length or end are not those of a document.</exception>
    public BsonDocument(ReadOnlyMemory<byte> bytes)
    {
        BsonLayout.Elements(bytes.Span);
        _bytes = bytes;
    }

    public static BsonDocument Empty => default;

    public ReadOnlyMemory<byte> Memory => _bytes.IsEmpty ? EmptyBytes : _bytes;

    public ReadOnlySpan<byte> Span => Memory.Span;

    public bool IsEmpty => _bytes.Length <= BsonLimits.MinDocument;

    /// <summary>The value of a field.</summary>
    /// <exception cref="KeyNotFoundException">There is no such field.</exception>
    public BsonValue this[BsonName name] =>
        TryGetValue(name, out var value) ? value : throw new KeyNotFoundException($"The document has no field '{name.ToString()}'.");

    public bool Contains(BsonName name) => TryGetValue(name, out _);

    /// <summary>Looks a field up; the first, if there are several of the name.</summary>
    public bool TryGetValue(BsonName name, out BsonValue value)
    {
        foreach (var element in this)
        {
            if (!name.Matches(element.NameUtf8.Span))
                continue;

            value = element.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>A reader of the same bytes.</summary>
    public BsonReader Read() => new(Span);

    public Enumerator GetEnumerator() => new(Memory);

    IEnumerator<BsonElement> IEnumerable<BsonElement>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>As relaxed extended JSON, for logs.</summary>
    public string ToJson() => BsonJson.Write(this);

    public override string ToString() => ToJson();

    /// <summary>Goes through the fields.</summary>
    [SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "Enumerators are not compared.")]
    public struct Enumerator : IEnumerator<BsonElement>
    {
        private readonly ReadOnlyMemory<byte> _document;
        private int _position;

        internal Enumerator(ReadOnlyMemory<byte> document)
        {
            BsonLayout.Elements(document.Span);
            _document = document;
            _position = sizeof(int);
        }

        public BsonElement Current { get; private set; }

        readonly object IEnumerator.Current => Current;

        public bool MoveNext()
        {
            var rest = _document.Span[_position..^1];
            if (rest.IsEmpty)
                return false;

            var type = (BsonType)rest[0];
            var nameEnd = BsonLayout.NameEnd(rest);
            var length = BsonLayout.ValueLength(type, rest[(nameEnd + 1)..]);
            Current = new BsonElement(
                _document.Slice(_position + 1, nameEnd - 1),
                new BsonValue(type, _document.Slice(_position + nameEnd + 1, length)));
            _position += nameEnd + 1 + length;
            return true;
        }

        public void Reset() => _position = sizeof(int);

        public readonly void Dispose()
        {
        }
    }
}
