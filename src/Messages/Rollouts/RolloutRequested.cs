namespace IotBus.Messages;

/// <summary>A firmware shall be rolled out. Its devices are in the store already, each with its wave.</summary>
/// <param name="RolloutId">The rollout.</param>
/// <param name="Firmware">The version.</param>
/// <param name="Waves">How many waves there are, at least one.</param>
/// <param name="MaxFailures">At so many failures it stops itself, at least one.</param>
/// <param name="ConfirmTimeout">How long a device has from the command to its boot.</param>
public sealed record RolloutRequested(Guid RolloutId, string Firmware, int Waves, int MaxFailures, TimeSpan ConfirmTimeout);
