namespace IotBus.MongoDb;

/// <summary>Some of the documents or statements of a batch were refused; the others, up to the first error if ordered, were applied.</summary>
public sealed class MongoBulkWriteException : MongoException
{
    internal MongoBulkWriteException(BulkWriteResult result, IReadOnlyList<BulkWriteError> errors)
        : base(MongoFailure.Server, Describe(errors), errors[0].Code)
    {
        Result = result;
        Errors = errors;
    }

    /// <summary>What was applied nevertheless.</summary>
    public BulkWriteResult Result { get; }

    /// <summary>What was refused, in the order of their indexes.</summary>
    public IReadOnlyList<BulkWriteError> Errors { get; }

    /// <summary>Every refusal is a duplicate key.</summary>
    public override bool IsDuplicateKey => Errors.All(e => MongoCodes.IsDuplicateKey(e.Code));

    /// <summary>Every refusal may pass when tried again.</summary>
    public override bool IsTransient => Errors.All(e => MongoCodes.IsTransient(e.Code));

    private static string Describe(IReadOnlyList<BulkWriteError> errors) => errors.Count == 1
        ? $"Statement {errors[0].Index} was refused: {errors[0].Message}"
        : $"{errors.Count} statements were refused, the first of them {errors[0].Index}: {errors[0].Message}";
}
