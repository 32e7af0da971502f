namespace IotBus.Messages;

/// <summary>How grave an alert is, from least to most.</summary>
public static class Severities
{
    public const string Low = "low";
    public const string Medium = "medium";
    public const string High = "high";
    public const string Critical = "critical";

    public static IReadOnlyList<string> All { get; } = [Low, Medium, High, Critical];
}
