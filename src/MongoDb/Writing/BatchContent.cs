namespace IotBus.MongoDb;

/// <summary>The documents of a batch as they were when a call took them. Released once, when nothing reads them any more.</summary>
internal sealed class BatchContent(PooledBytes bytes, int[] ends)
{
    public int Count => ends.Length;

    public ReadOnlySpan<byte> this[int index] => bytes.Array.AsSpan(Start(index), ends[index] - Start(index));

    public void Release() => bytes.Release();

    private int Start(int index) => index == 0 ? 0 : ends[index - 1];
}
