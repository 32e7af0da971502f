namespace IotBus.MongoDb;

/// <summary>How a transaction is run again when it fails.</summary>
public sealed record TransactionOptions
{
    /// <summary>How long body and commit may be tried again, from the start of the first attempt. 120 s, as in MongoDB's specification.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// Whether the body may run again when a commit whose result was unknown is then answered with
    /// <see cref="MongoLabels.TransientTransaction"/>. MongoDB's specification does so. With false the caller gets a
    /// <see cref="MongoException"/> with <see cref="MongoLabels.UnknownCommitResult"/> instead, and finds out what was applied.
    /// </summary>
    public bool RunAgainAfterUnknownCommit { get; init; } = true;
}
