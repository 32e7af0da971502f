namespace IotBus.Bench;

/// <summary>A benchmark could not be run, or what it measured is worth nothing. The message is for the person who started it.</summary>
internal sealed class BenchException(string message) : Exception(message);
