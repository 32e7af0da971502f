using System.Security.Cryptography;
using System.Text;

namespace IotBus.DevHost.Replay;

/// <summary>Identifiers that depend only on a file's content and a row's number, so that a second replay repeats the first one's.</summary>
internal sealed class EventIds(string contentHash)
{
    /// <summary>The name space of replayed rows; it must never change.</summary>
    private static readonly Guid Namespace = new("5c1d7c2e-0d0f-4b5a-9a43-7f1f0b6d9e21");

    /// <summary>A name-based UUID of version 5 (RFC 9562, section 5.5) of the name <c>hash:row</c>.</summary>
    public Guid For(long row)
    {
        Span<byte> name = stackalloc byte[16 + 64 + 1 + 20];
        Namespace.TryWriteBytes(name, bigEndian: true, out var length);
        length += Encoding.ASCII.GetBytes(contentHash, name[length..]);
        name[length++] = (byte)':';
        row.TryFormat(name[length..], out var digits, provider: System.Globalization.CultureInfo.InvariantCulture);
        length += digits;

        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // Version 5 is defined with SHA-1; nothing is protected by it.
        SHA1.HashData(name[..length], hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0f) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
