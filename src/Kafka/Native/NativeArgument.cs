using System.Runtime.InteropServices;

namespace IotBus.Kafka;

/// <summary><c>rd_kafka_vu_t</c>: one of the things that <c>rd_kafka_produceva</c> is told about a message.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal struct NativeArgument
{
    [FieldOffset(0)]
    public ArgumentKind Kind;

    /// <summary>A partition or flags.</summary>
    [FieldOffset(8)]
    public int Number;

    /// <summary>A time, in milliseconds since 1970.</summary>
    [FieldOffset(8)]
    public long Time;

    /// <summary>A topic, a key, a value, a header's name, which ends with a zero, or what comes back with the report.</summary>
    [FieldOffset(8)]
    public nint Pointer;

    /// <summary>Of a key or a value.</summary>
    [FieldOffset(16)]
    public nint Size;

    [FieldOffset(16)]
    public nint HeaderValue;

    [FieldOffset(24)]
    public nint HeaderSize;
}
