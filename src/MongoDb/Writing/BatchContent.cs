namespace IotBus.MongoDb;

/// <summary>The statements of a batch as they were when a call took them. Released once, when nothing reads them any more.</summary>
/// <param name="bytes">The documents, one after the other.</param>
/// <param name="ends">Where each ends.</param>
/// <param name="kinds">What each does; null if all are inserts.</param>
internal sealed class BatchContent(PooledBytes bytes, int[] ends, StatementKind[]? kinds)
{
    public int Count => ends.Length;

    public ReadOnlySpan<byte> this[int index] => bytes.Array.AsSpan(Start(index), Length(index));

    public int Length(int index) => ends[index] - Start(index);

    public StatementKind Kind(int index) => kinds is null ? StatementKind.Insert : kinds[index];

    public void Release() => bytes.Release();

    private int Start(int index) => index == 0 ? 0 : ends[index - 1];
}
