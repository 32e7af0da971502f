namespace IotBus.Kafka;

/// <summary>
/// The offsets of a partition that are being worked, and up to where all of them are done. Thread-safe. Costs 8 bytes an offset, however
/// long the first one takes.
/// </summary>
internal sealed class OffsetWindow
{
    private const int InitialSize = 64;

    private readonly Lock _lock = new();

    // A ring; its size is a power of two. An offset that is done stands there as its complement, which is negative.
    private long[] _ring = new long[InitialSize];
    private long _head;
    private long _tail;

    /// <summary>Offsets from the first that is not done to the last that was added.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return (int)(_tail - _head);
        }
    }

    /// <summary>Adds the next offset, higher than all before.</summary>
    /// <returns>Its place, by which it is told to be done.</returns>
    public long Add(long offset)
    {
        lock (_lock)
        {
            if (_tail - _head == _ring.Length)
                Grow();

            _ring[_tail & (_ring.Length - 1)] = offset;
            return _tail++;
        }
    }

    /// <summary>Says that an offset is done.</summary>
    /// <param name="place">What <see cref="Add"/> returned for it; not said before.</param>
    /// <param name="next">The offset to go on from, if the window moved.</param>
    /// <returns>How many offsets the window moved by; 0 while an earlier one is not done.</returns>
    public int Complete(long place, out long next)
    {
        lock (_lock)
        {
            var mask = _ring.Length - 1;
            _ring[place & mask] = ~_ring[place & mask];
            next = 0;
            var moved = 0;
            while (_head < _tail && _ring[_head & mask] < 0)
            {
                next = ~_ring[_head & mask] + 1;
                _head++;
                moved++;
            }

            return moved;
        }
    }

    private void Grow()
    {
        var larger = new long[_ring.Length * 2];
        for (var place = _head; place < _tail; place++)
            larger[place & (larger.Length - 1)] = _ring[place & (_ring.Length - 1)];

        _ring = larger;
    }
}
