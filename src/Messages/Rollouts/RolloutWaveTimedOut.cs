namespace IotBus.Messages;

/// <summary>The time of a wave's devices to confirm is over.</summary>
public sealed record RolloutWaveTimedOut(Guid RolloutId, int Wave);
