namespace IotBus.Kafka;

/// <summary>Dead letters of one topic with one reason.</summary>
/// <param name="Topic">The topic they came from; the dead-letter topic where they do not tell.</param>
/// <param name="Reason">Why; null where they do not tell.</param>
/// <param name="Count">How many.</param>
/// <param name="Oldest">When the first of them was put aside.</param>
/// <param name="Newest">When the last of them was put aside.</param>
public sealed record DeadLetterGroup(string Topic, string? Reason, long Count, DateTimeOffset Oldest, DateTimeOffset Newest);
