namespace IotBus.Messages;

/// <summary>The next step of a device's decommission is due, for the first time or again.</summary>
public sealed record DecommissionStepDue(Guid OperationId);
