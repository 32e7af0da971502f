namespace IotBus.Processors.Decommissioning;

/// <summary>An operation, as it is shown.</summary>
internal sealed record OperationView
{
    private const string Waiting = "waiting";
    private const string Running = "running";
    private const string Done = "done";

    public required Guid OperationId { get; init; }

    public string Kind { get; } = "decommission";

    public required string DeviceId { get; init; }

    /// <summary>What becomes of the device's history.</summary>
    public required string History { get; init; }

    /// <summary><c>running</c> or <c>done</c>.</summary>
    public required string State { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public required IReadOnlyList<OperationStepView> Steps { get; init; }

    /// <param name="request">What stands in <c>decommissioned</c>.</param>
    /// <param name="saga">How far it is; null if it has not begun.</param>
    public static OperationView Of(DecommissionRecord request, Decommission? saga) => new()
    {
        OperationId = request.OperationId,
        DeviceId = request.DeviceId,
        History = request.History,
        State = saga?.EndedAt is null ? Running : Done,
        RequestedAt = request.At,
        EndedAt = saga?.EndedAt,
        Steps =
        [
            new OperationStepView("revoke_credentials", Done, 1, request.At, request.At, null),
            .. (saga?.Steps ?? []).Select(step => new OperationStepView(
                step.Name, StateOf(step), step.Attempts, step.StartedAt, step.EndedAt, step.LastError)),
        ],
    };

    private static string StateOf(DecommissionStepState step)
    {
        if (step.EndedAt is not null)
            return Done;

        return step.StartedAt is null ? Waiting : Running;
    }
}

/// <summary>A step of an operation.</summary>
/// <param name="Name">What is done.</param>
/// <param name="State"><c>waiting</c>, <c>running</c> or <c>done</c>.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="StartedAt">When it was tried first.</param>
/// <param name="EndedAt">When it succeeded.</param>
/// <param name="LastError">Why the last attempt failed.</param>
internal sealed record OperationStepView(
    string Name, string State, int Attempts, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, string? LastError);
