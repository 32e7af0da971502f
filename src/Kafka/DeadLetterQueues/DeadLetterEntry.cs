namespace IotBus.Kafka;

/// <summary>A dead letter in a list: what its headers tell, without key and value.</summary>
/// <param name="Place">Where it lies in the dead-letter topic.</param>
/// <param name="At">When it was put aside.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="Reason">Why it was put aside.</param>
/// <param name="ExceptionType">The exception's type, where there was one.</param>
/// <param name="ExceptionMessage">The exception's message, at most 1 KiB.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Key">The first 256 bytes of its key.</param>
/// <param name="MessageId">The message's identifier.</param>
/// <param name="ValueLength">The length of its value in the dead letter, bytes; null where it has none.</param>
public sealed record DeadLetterEntry(
    MessagePlace Place,
    DateTimeOffset At,
    MessagePlace? Origin,
    string? Reason,
    string? ExceptionType,
    string? ExceptionMessage,
    int? Attempts,
    ReadOnlyMemory<byte>? Key,
    Guid? MessageId,
    int? ValueLength)
{
    internal static DeadLetterEntry Of(DeadLetter letter) => new(
        letter.Place,
        letter.At,
        letter.Origin,
        letter.Reason,
        letter.ExceptionType,
        letter.ExceptionMessage,
        letter.Attempts,
        letter.Key is { } key ? key[..Math.Min(key.Length, DeadLetterHeaders.MaxKeyBytes)].ToArray().AsMemory() : default(ReadOnlyMemory<byte>?),
        letter.MessageId,
        letter.Value?.Length);
}
