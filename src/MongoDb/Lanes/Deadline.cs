using System.Diagnostics;

namespace IotBus.MongoDb.Lanes;

/// <summary>When a caller's time is over, by the process's even clock; or never.</summary>
internal readonly struct Deadline
{
    private readonly long _started;
    private readonly TimeSpan? _timeout;

    private Deadline(TimeSpan? timeout) => (_started, _timeout) = (Stopwatch.GetTimestamp(), timeout);

    /// <summary>Whether it may pass at all.</summary>
    public bool IsSet => _timeout is not null;

    public bool HasPassed => _timeout is { } timeout && Stopwatch.GetElapsedTime(_started) >= timeout;

    /// <summary>Counted from now; never if null.</summary>
    public static Deadline After(TimeSpan? timeout) => new(timeout);
}
