using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace IotBus.Api.Fields;

/// <summary>
/// Decodes the text a reader stands at. The reader's own <c>GetString</c> throws for escapes that are half a surrogate pair; a device that sends those
/// must get an answer like any other, and a batch full of them must not cost an exception a line.
/// </summary>
internal static class JsonText
{
    /// <returns>False when an escape is half a surrogate pair: it stands for no character.</returns>
    public static bool TryDecode(ref readonly Utf8JsonReader reader, [NotNullWhen(true)] out string? text)
    {
        var utf8 = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
        {
            text = Encoding.UTF8.GetString(utf8);
            return true;
        }

        var buffer = ArrayPool<char>.Shared.Rent(utf8.Length);
        try
        {
            var length = Unescape(utf8, buffer);
            text = length >= 0 ? new string(buffer, 0, length) : null;
            return text is not null;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    private static int Unescape(ReadOnlySpan<byte> utf8, Span<char> characters)
    {
        var length = 0;
        while (!utf8.IsEmpty)
        {
            var plain = utf8.IndexOf((byte)'\\');
            if (plain < 0)
                plain = utf8.Length;

            length += Encoding.UTF8.GetChars(utf8[..plain], characters[length..]);
            utf8 = utf8[plain..];
            if (utf8.IsEmpty)
                break;

            // The reader has checked that each escape is complete and well-formed.
            var isUnicode = utf8[1] == (byte)'u';
            characters[length++] = isUnicode ? (char)HexadecimalOf(utf8[2..6]) : Simple(utf8[1]);
            utf8 = utf8[(isUnicode ? 6 : 2)..];
        }

        return IsWellFormed(characters[..length]) ? length : -1;
    }

    private static int HexadecimalOf(ReadOnlySpan<byte> digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static char Simple(byte escaped) => escaped switch
    {
        (byte)'b' => '\b',
        (byte)'f' => '\f',
        (byte)'n' => '\n',
        (byte)'r' => '\r',
        (byte)'t' => '\t',
        _ => (char)escaped,
    };

    private static bool IsWellFormed(ReadOnlySpan<char> characters)
    {
        while (!characters.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(characters, out _, out var consumed) != OperationStatus.Done)
                return false;

            characters = characters[consumed..];
        }

        return true;
    }
}
