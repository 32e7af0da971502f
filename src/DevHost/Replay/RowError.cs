namespace IotBus.DevHost.Replay;

/// <summary>A row that was not taken, and why.</summary>
internal readonly record struct RowError(long Line, string Reason);
