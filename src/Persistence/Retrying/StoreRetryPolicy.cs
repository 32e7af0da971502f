using MassTransit;
using MassTransit.RetryPolicies;

namespace IotBus.Persistence;

/// <summary>
/// Consumes a message again, with growing pauses, while the store is in the way: a write conflict, a change of primary, a lost connection, a saga that was
/// changed in between. What a consumer itself throws is none of its business.
/// </summary>
internal sealed class StoreRetryPolicy(MongoDbOutboxOptions options, TimeProvider time) : IRetryPolicy
{
    public RetryPolicyContext<T> CreatePolicyContext<T>(T context)
        where T : class, PipeContext => new PolicyContext<T>(this, context, new Backoff(options.RetryTimeLimit, time));

    public bool IsHandled(Exception exception) => StoreFailure.IsTransient(exception);

    public void Probe(ProbeContext context) => context.Set(new { Policy = "MongoDb", Limit = options.RetryTimeLimit });

    private sealed class PolicyContext<T>(StoreRetryPolicy policy, T context, Backoff backoff) : RetryPolicyContext<T>
        where T : class, PipeContext
    {
        private readonly CancellationTokenSource _cancel = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);

        public T Context => context;

        public bool CanRetry(Exception exception, out RetryContext<T> retryContext)
        {
            var pause = policy.IsHandled(exception) ? backoff.Next() : null;
            retryContext = new Attempt<T>(policy, context, exception, retryCount: 0, pause, backoff, _cancel.Token);
            return pause is not null;
        }

        public Task RetryFaulted(Exception exception) => Task.CompletedTask;

        public void Cancel() => _cancel.Cancel();

        public void Dispose() => _cancel.Dispose();
    }

    private sealed class Attempt<T>(
        StoreRetryPolicy policy, T context, Exception exception, int retryCount, TimeSpan? pause, Backoff backoff, CancellationToken cancellationToken)
        : BaseRetryContext<T>(context, exception, retryCount, cancellationToken), RetryContext<T>
        where T : class, PipeContext
    {
        public override TimeSpan? Delay => pause;

        public bool CanRetry(Exception exception, out RetryContext<T> retryContext)
        {
            var next = policy.IsHandled(exception) ? backoff.Next() : null;
            retryContext = new Attempt<T>(policy, Context, exception, RetryCount + 1, next, backoff, CancellationToken);
            return next is not null;
        }
    }
}
