namespace IotBus.MongoDb;

/// <summary>The server refused an operation, or could not be asked.</summary>
public class MongoException : Exception
{
    private readonly string[] _labels;

    internal MongoException(MongoFailure failure, string message, int code = 0, string? codeName = null, string[]? labels = null, Exception? inner = null)
        : base(message, inner)
    {
        Failure = failure;
        Code = code;
        CodeName = codeName;
        _labels = labels ?? [];
    }

    /// <summary>What kind of failure it is.</summary>
    public MongoFailure Failure { get; }

    /// <summary>MongoDB's code of the error, or 0 if the server did not answer.</summary>
    public int Code { get; }

    /// <summary>MongoDB's name of the code, such as <c>WriteConflict</c>, if the server told it.</summary>
    public string? CodeName { get; }

    /// <summary>The error's labels: see <see cref="MongoLabels"/>.</summary>
    public IReadOnlyList<string> Labels => _labels;

    /// <summary>A unique index holds the key already.</summary>
    public virtual bool IsDuplicateKey => MongoCodes.IsDuplicateKey(Code);

    /// <summary>
    /// The same operation may succeed later without a change: the network failed, no primary was found, the primary stepped
    /// down, a transaction met another one, the client's own bounds of time or connections were reached.
    /// </summary>
    public virtual bool IsTransient =>
        Failure is MongoFailure.Network or MongoFailure.ServerSelection or MongoFailure.Timeout
        || HasLabel(MongoLabels.TransientTransaction)
        || HasLabel(MongoLabels.RetryableWrite)
        || MongoCodes.IsTransient(Code);

    public bool HasLabel(string label) => Array.IndexOf(_labels, label) >= 0;
}
