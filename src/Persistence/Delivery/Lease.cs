namespace IotBus.Persistence;

/// <summary>The right to deliver to a destination, for a time.</summary>
/// <param name="Destination">Its address.</param>
/// <param name="Token">Made anew with each claim.</param>
/// <param name="Asks">How often others have asked for it since, as far as is known.</param>
internal sealed record Lease(string Destination, Guid Token, long Asks);
