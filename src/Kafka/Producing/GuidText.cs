using System.Buffers.Text;

namespace IotBus.Kafka;

/// <summary>Values as MassTransit writes them into headers.</summary>
internal static class GuidText
{
    /// <summary>36 characters, lower-case, with hyphens.</summary>
    public static byte[] ToBytes(Guid value)
    {
        var bytes = new byte[36];
        Utf8Formatter.TryFormat(value, bytes, out _);
        return bytes;
    }
}
