namespace IotBus.Kafka;

/// <summary>What there is of dead letters.</summary>
/// <param name="Count">How many fit the selection and were neither replayed nor dropped.</param>
/// <param name="Groups">How many of each topic and reason, the most first. Beyond the first thousand kinds, one group of each topic has the rest.</param>
/// <param name="Newest">The newest of them, newest first.</param>
/// <param name="NotReplayable">How many of them cannot go back to their topic, and why.</param>
/// <param name="Handled">How many were replayed or dropped before and still lie in the topics read, whatever the selection.</param>
public sealed record DeadLetterSummary(
    long Count,
    IReadOnlyList<DeadLetterGroup> Groups,
    IReadOnlyList<DeadLetterEntry> Newest,
    IReadOnlyList<DeadLettersLeft> NotReplayable,
    long Handled);
