namespace IotBus.Messages;

/// <summary>A rollout shall start no further wave for now.</summary>
public sealed record RolloutPauseRequested(Guid RolloutId);
