using System.Globalization;

namespace IotBus.ServiceDefaults.Edge;

/// <summary>
/// Counts the requests of one consumer in the current second of the clock, as Kong's policy <c>local</c> does. Thread-safe without locks.
/// </summary>
internal sealed class RequestWindow(int limit, TimeProvider time)
{
    // The second in the upper half, the requests taken in it in the lower.
    private long _state;

    public string Limit { get; } = limit.ToString(CultureInfo.InvariantCulture);

    /// <summary>Takes one request from the current second's share.</summary>
    /// <param name="remaining">How many are left in it.</param>
    public bool TryTake(out int remaining)
    {
        var second = (uint)time.GetUtcNow().ToUnixTimeSeconds();
        var state = Volatile.Read(ref _state);
        while (true)
        {
            var taken = (uint)(state >> 32) == second ? (int)(state & int.MaxValue) : 0;
            if (taken >= limit)
            {
                remaining = 0;
                return false;
            }

            var next = ((long)second << 32) | (uint)(taken + 1);
            var seen = Interlocked.CompareExchange(ref _state, next, state);
            if (seen == state)
            {
                remaining = limit - taken - 1;
                return true;
            }

            state = seen;
        }
    }
}
