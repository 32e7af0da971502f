namespace IotBus.Processors.Decommissioning;

/// <summary>Where the decommissions' messages go, on whatever bus there is.</summary>
internal static class DecommissionAddress
{
    public const string QueueName = "decommissions";

    public static Uri Queue { get; } = new($"queue:{QueueName}");
}
