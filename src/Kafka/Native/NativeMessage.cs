using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary><c>rd_kafka_message_t</c>, as a delivery report has it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeMessage
{
    public ErrorCode Error;
    public nint Topic;
    public int Partition;
    public nint Value;
    public nuint ValueLength;
    public nint Key;
    public nuint KeyLength;

    /// <summary>Negative when the broker told none.</summary>
    public long Offset;

    /// <summary>What was handed over with the message.</summary>
    public nint Opaque;
}
