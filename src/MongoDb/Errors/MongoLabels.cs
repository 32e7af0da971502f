namespace IotBus.MongoDb;

/// <summary>Labels of errors, as MongoDB's transactions and retryable writes specifications name them.</summary>
public static class MongoLabels
{
    /// <summary>Nothing of the transaction was applied; the whole of it may be run again.</summary>
    public const string TransientTransaction = "TransientTransactionError";

    /// <summary>Whether the transaction was committed is unknown; the commit may be sent again.</summary>
    public const string UnknownCommitResult = "UnknownTransactionCommitResult";

    /// <summary>The write may be sent again with the same transaction number.</summary>
    public const string RetryableWrite = "RetryableWriteError";
}
