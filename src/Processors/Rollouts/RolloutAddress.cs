namespace IotBus.Processors.Rollouts;

/// <summary>Where the rollouts' messages go, on whatever bus there is.</summary>
internal static class RolloutAddress
{
    public const string QueueName = "rollouts";

    public static Uri Queue { get; } = new($"queue:{QueueName}");
}
