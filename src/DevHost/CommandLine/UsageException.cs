namespace IotBus.DevHost.CommandLine;

/// <summary>The command line asks for something that is not there. The message is for the person who typed it.</summary>
internal sealed class UsageException(string message) : Exception(message);
