using System.Runtime.InteropServices;
using IotBus.MongoDb.Native;

namespace IotBus.MongoDb.Lanes;

/// <summary>The structs that a lane hands to C, in memory that does not move and is aligned as C wants it.</summary>
internal sealed unsafe class NativeBlock : SafeHandle
{
    private const int ErrorOffset = 3 * BsonStruct.Size;

    public NativeBlock()
        : base(0, ownsHandle: true)
    {
        var size = (nuint)(ErrorOffset + sizeof(BsonError));
        var block = NativeMemory.AlignedAlloc(size, BsonStruct.Size);
        NativeMemory.Clear(block, size);
        SetHandle((nint)block);
    }

    public override bool IsInvalid => handle == 0;

    public BsonStruct* Command => (BsonStruct*)handle;

    public BsonStruct* Options => (BsonStruct*)(handle + BsonStruct.Size);

    public BsonStruct* Reply => (BsonStruct*)(handle + (2 * BsonStruct.Size));

    public BsonError* Error => (BsonError*)(handle + ErrorOffset);

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
