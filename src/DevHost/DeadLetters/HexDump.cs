using System.Globalization;
using System.Text;

namespace IotBus.DevHost.DeadLetters;

/// <summary>Bytes as rows of offset, hexadecimal digits and ASCII.</summary>
internal static class HexDump
{
    private const int Row = 16;

    public static string Of(ReadOnlySpan<byte> bytes, string indent)
    {
        var text = new StringBuilder();
        for (var at = 0; at < bytes.Length; at += Row)
        {
            var row = bytes.Slice(at, Math.Min(Row, bytes.Length - at));
            text.Append(CultureInfo.InvariantCulture, $"{indent}{at:x6}  ");
            for (var i = 0; i < Row; i++)
                text.Append(i < row.Length ? row[i].ToString("x2", CultureInfo.InvariantCulture) : "  ").Append(i == 7 ? "  " : " ");

            text.Append(' ');
            foreach (var value in row)
                text.Append(value is >= 0x20 and < 0x7f ? (char)value : '.');

            text.Append('\n');
        }

        return text.ToString();
    }
}
