namespace IotBus.Api.Batches;

/// <summary>An event of a batch on its way to Kafka.</summary>
internal readonly record struct PendingLine(int Line, Guid EventId, LineKind Kind, Task Delivery);

/// <summary>
/// The events of one batch that wait for their acknowledgement, oldest first. Its bound is what keeps a batch from filling the producer's
/// queue. Not thread-safe.
/// </summary>
internal sealed class DeliveryWindow(int capacity)
{
    // Grows as it fills: most batches are small.
    private PendingLine[] _lines = new PendingLine[Math.Min(capacity, 256)];
    private int _first;

    public int Count { get; private set; }

    public bool IsFull => Count == capacity;

    public ref readonly PendingLine Oldest => ref _lines[_first];

    public void Add(in PendingLine line)
    {
        if (Count == _lines.Length)
            Grow();

        _lines[(_first + Count) % _lines.Length] = line;
        Count++;
    }

    public PendingLine Take()
    {
        var line = _lines[_first];
        _lines[_first] = default;
        _first = (_first + 1) % _lines.Length;
        Count--;
        return line;
    }

    private void Grow()
    {
        var grown = new PendingLine[Math.Min(_lines.Length * 4, capacity)];
        for (var i = 0; i < Count; i++)
            grown[i] = _lines[(_first + i) % _lines.Length];

        _lines = grown;
        _first = 0;
    }
}
