namespace IotBus.KillMatrix;

/// <summary>What is produced to a topic.</summary>
public sealed record Noted
{
    public string Id { get; init; } = "";
}
