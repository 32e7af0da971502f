using System.Buffers;

namespace IotBus.MongoDb;

/// <summary>
/// An array of the shared pool with a count of those who use it. A call to the server that was given up by its caller
/// still reads from the array, so it goes back to the pool with the last of its users.
/// </summary>
internal sealed class PooledBytes
{
    private byte[] _array;
    private int _users = 1;

    private PooledBytes(byte[] array) => _array = array;

    public static PooledBytes Rent(int capacity) => new(ArrayPool<byte>.Shared.Rent(capacity));

    public byte[] Array => _array;

    public bool IsShared => Volatile.Read(ref _users) > 1;

    public PooledBytes Share()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            var array = _array;
            _array = [];
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
