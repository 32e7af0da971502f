namespace IotBus.Messages;

/// <summary>Devices of a rollout have reached their end: it shall look where its wave stands. Says nothing of which, so that any number of them may be dropped but the last.</summary>
public sealed record RolloutProgressed(Guid RolloutId);
