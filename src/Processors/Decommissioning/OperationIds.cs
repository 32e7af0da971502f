using System.Security.Cryptography;
using System.Text;

namespace IotBus.Processors.Decommissioning;

/// <summary>Names the operation that takes a device out of service: the same for the same device, so that there is never a second one.</summary>
internal static class OperationIds
{
    // RFC 9562, version 8: made by a rule of our own.
    public static Guid Of(string device)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"decommission\n{device}"), hash);
        var bytes = hash[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
