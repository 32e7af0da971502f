namespace IotBus.Bench.Soak;

/// <summary>Which numbers of a series were seen: a bit each. Not thread-safe.</summary>
internal sealed class SequenceTracker
{
    private ulong[] _seen = new ulong[1024];
    private long _committed;

    /// <summary>How many different numbers were seen.</summary>
    public long Distinct { get; private set; }

    /// <summary>How often a number was seen again.</summary>
    public long Duplicates { get; private set; }

    /// <summary>How many of the duplicates were known as committed before: those a group must not get again.</summary>
    public long DuplicatesOfCommitted { get; private set; }

    /// <summary>Consecutive numbers were seen.</summary>
    public void Seen(long first, int count)
    {
        for (var number = first; number < first + count; number++)
        {
            var index = checked((int)(number / 64));
            if (index >= _seen.Length)
                Array.Resize(ref _seen, Math.Max(index + 1, _seen.Length * 2));

            var bit = 1UL << (int)(number % 64);
            if ((_seen[index] & bit) == 0)
            {
                _seen[index] |= bit;
                Distinct++;
                continue;
            }

            Duplicates++;
            if (number < _committed)
                DuplicatesOfCommitted++;
        }
    }

    /// <summary>All numbers below this are committed.</summary>
    public void Committed(long next) => _committed = Math.Max(_committed, next);

    /// <summary>How many of the first so many numbers were never seen.</summary>
    public long LostOf(long produced)
    {
        var seen = 0L;
        for (long number = 0; number < produced; number++)
        {
            var index = number / 64;
            if (index < _seen.Length && (_seen[index] & (1UL << (int)(number % 64))) != 0)
                seen++;
        }

        return produced - seen;
    }
}
