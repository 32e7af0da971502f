using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>Which exceptions mean that the store was in the way, so that the same message may pass when it is consumed again.</summary>
internal static class StoreFailure
{
    private const int DeepestCause = 10;

    /// <summary>A failure of the store that may pass, or a saga that was changed in between; or an exception that was caused by one.</summary>
    public static bool IsTransient(Exception? exception)
    {
        for (var depth = 0; exception is not null && depth < DeepestCause; depth++)
        {
            switch (exception)
            {
                case MongoException { IsTransient: true } or SagaConcurrencyException or SagaIndexMissingException:
                case MongoException unknown when unknown.HasLabel(MongoLabels.UnknownCommitResult):
                case UncertainCommitException:
                    return true;
                case AggregateException { InnerExceptions.Count: > 1 } several:
                    return several.InnerExceptions.All(IsTransient);
            }

            exception = exception.InnerException;
        }

        return false;
    }
}
