namespace IotBus.Persistence;

/// <summary>A destination that has messages in the outbox.</summary>
/// <param name="Destination">Its address.</param>
/// <param name="Due">When the first of them is due.</param>
internal readonly record struct DestinationHead(string Destination, DateTimeOffset Due);
