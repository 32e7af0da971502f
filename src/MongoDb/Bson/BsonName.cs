using System.Text;

namespace IotBus.MongoDb;

/// <summary>A field's name: a <c>"name"u8</c> literal, which costs nothing, or a string. It has no NUL in it.</summary>
public readonly ref struct BsonName
{
    private readonly ReadOnlySpan<byte> _utf8;
    private readonly string? _text;

    private BsonName(ReadOnlySpan<byte> utf8) => _utf8 = utf8;

    private BsonName(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _text = text;
    }

    public static implicit operator BsonName(ReadOnlySpan<byte> utf8) => new(utf8);

    public static implicit operator BsonName(string text) => new(text);

    public static BsonName FromReadOnlySpan(ReadOnlySpan<byte> utf8) => new(utf8);

    public static BsonName FromString(string text) => new(text);

    public override string ToString() => _text ?? Encoding.UTF8.GetString(_utf8);

    internal bool Matches(ReadOnlySpan<byte> utf8) =>
        _text is null ? utf8.SequenceEqual(_utf8) : utf8.Length >= _text.Length && Encoding.UTF8.GetString(utf8) == _text;

    /// <summary>How many bytes the name needs at most, without its terminator.</summary>
    internal int MaxLength => _text is null ? _utf8.Length : Encoding.UTF8.GetMaxByteCount(_text.Length);

    /// <summary>Writes the name and its terminator, and tells how many bytes that took.</summary>
    internal int CopyTo(Span<byte> destination)
    {
        int length;
        if (_text is null)
        {
            _utf8.CopyTo(destination);
            length = _utf8.Length;
        }
        else
        {
            length = Encoding.UTF8.GetBytes(_text, destination);
        }

        if (destination[..length].Contains((byte)0))
            throw new ArgumentException("A field's name must not contain NUL.");

        destination[length] = 0;
        return length + 1;
    }
}
