using System.Runtime.InteropServices;

namespace IotBus.MongoDb.Native;

/// <summary><c>bson_t</c>: 128 bytes, aligned to 128, of which only the length is read here.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct BsonStruct
{
    public const int Size = 128;

    [FieldOffset(4)]
    public uint Length;
}
