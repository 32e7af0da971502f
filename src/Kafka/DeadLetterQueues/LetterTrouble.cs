namespace IotBus.Kafka;

/// <summary>Why a letter was not replayed.</summary>
/// <param name="Why">The reason, for an operator.</param>
/// <param name="Stop">What ends the replay, since it would meet the next letters too; null when only this letter stays behind.</param>
internal sealed record LetterTrouble(string Why, Exception? Stop = null);
