namespace IotBus.Messages;

/// <summary>A rollout shall end: devices that were not asked yet are not.</summary>
public sealed record RolloutAbortRequested(Guid RolloutId);
