using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>
/// The network was lost at a commit, and the server does not know the transaction any more: it was committed, or it was not. A consumer behind the
/// outbox is run again, and its inbox row decides; elsewhere the caller has to look.
/// </summary>
public sealed class UncertainCommitException : Exception
{
    internal UncertainCommitException(MongoException unknown, MongoException later)
        : base($"Whether the transaction was committed is unknown: {unknown.Message} Then: {later.Message}", unknown)
    {
    }
}
