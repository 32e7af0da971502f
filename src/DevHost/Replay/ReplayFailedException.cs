namespace IotBus.DevHost.Replay;

/// <summary>The replay cannot go on. The message says why, and what to do.</summary>
internal sealed class ReplayFailedException(string message, Exception? inner = null) : Exception(message, inner);
