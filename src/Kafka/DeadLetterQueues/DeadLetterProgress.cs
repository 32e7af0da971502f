namespace IotBus.Kafka;

/// <summary>How far a pass over dead letters has come.</summary>
/// <param name="Read">Records read so far, of <paramref name="Records"/>.</param>
/// <param name="Records">Records there are to read; the marks of earlier replays and what was handled count too.</param>
/// <param name="Done">Letters found, replayed or dropped so far.</param>
/// <param name="Left">Letters so far that could not be replayed.</param>
public readonly record struct DeadLetterProgress(long Read, long Records, long Done, long Left);
