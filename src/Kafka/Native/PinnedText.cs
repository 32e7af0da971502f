using System.Runtime.InteropServices;
using System.Text;

namespace IotBus.Kafka;

/// <summary>A text in UTF-8, with a zero at its end, at an address that holds for as long as this object lives.</summary>
internal sealed class PinnedText
{
    private readonly byte[] _bytes;

    public PinnedText(string text)
    {
        Text = text;
        _bytes = GC.AllocateArray<byte>(Encoding.UTF8.GetByteCount(text) + 1, pinned: true);
        Encoding.UTF8.GetBytes(text, _bytes);
        Pointer = Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0);
    }

    public string Text { get; }

    public nint Pointer { get; }

    /// <summary>Without the zero.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _bytes.Length - 1);
}
