namespace IotBus.Kafka;

/// <summary>What came of a replay or of dropping.</summary>
/// <param name="Done">How many letters were replayed, or dropped.</param>
/// <param name="Left">Why others were not: they stay as they are.</param>
public sealed record DeadLetterOutcome(long Done, IReadOnlyList<DeadLettersLeft> Left);
