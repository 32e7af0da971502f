namespace IotBus.Messages;

/// <summary>A device is out of service, its credentials are revoked: what is left of it shall be cleared away.</summary>
/// <param name="OperationId">The operation.</param>
/// <param name="DeviceId">The device.</param>
/// <param name="History">What becomes of its series and rollups, one of <see cref="DeviceHistories"/>.</param>
public sealed record DecommissionRequested(Guid OperationId, string DeviceId, string History);
