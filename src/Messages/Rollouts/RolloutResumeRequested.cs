namespace IotBus.Messages;

/// <summary>A rollout that is paused shall go on.</summary>
public sealed record RolloutResumeRequested(Guid RolloutId);
