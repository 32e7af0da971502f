namespace IotBus.Processors.Rollouts;

/// <summary>What became of a request for a rollout.</summary>
/// <param name="Status">The answer's status.</param>
/// <param name="Field">The member at fault, if one is.</param>
/// <param name="Problem">What is wrong; null where nothing is.</param>
internal sealed record RolloutAnswer(int Status, string? Field = null, string? Problem = null)
{
    public static RolloutAnswer Accepted { get; } = new(StatusCodes.Status202Accepted);

    /// <summary>The same request was accepted before.</summary>
    public static RolloutAnswer Repeated { get; } = new(StatusCodes.Status200OK);

    public static RolloutAnswer Invalid(string field, string problem) => new(StatusCodes.Status400BadRequest, field, problem);

    public static RolloutAnswer Conflict(string problem) => new(StatusCodes.Status409Conflict, null, problem);
}
