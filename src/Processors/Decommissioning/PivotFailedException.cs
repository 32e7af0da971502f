namespace IotBus.Processors.Decommissioning;

/// <summary>A device could not be taken out of service; nothing was changed. The message tells an operator what to do.</summary>
internal sealed class PivotFailedException(string message, Exception? cause = null) : Exception(message, cause);
