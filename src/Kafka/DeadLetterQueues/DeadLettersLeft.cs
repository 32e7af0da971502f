namespace IotBus.Kafka;

/// <summary>Letters that could not be replayed, for one reason.</summary>
/// <param name="Why">Why not.</param>
/// <param name="Count">How many.</param>
/// <param name="Example">The first of them.</param>
public sealed record DeadLettersLeft(string Why, long Count, MessagePlace Example);
