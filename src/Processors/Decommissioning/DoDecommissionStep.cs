using IotBus.Messages;
using MassTransit;

namespace IotBus.Processors.Decommissioning;

/// <summary>
/// Tries the step that is due, and writes down what came of it. The step is no part of the transaction: it may have been done when that fails, and is then
/// done again, which changes nothing.
/// </summary>
internal sealed partial class DoDecommissionStep(IEnumerable<IDecommissionStep> steps, TimeProvider time, ILogger<DoDecommissionStep> logger)
    : IStateMachineActivity<Decommission, DecommissionStepDue>
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private const int MaxErrorLength = 500;

    public void Accept(StateMachineVisitor visitor) => visitor.Visit(this);

    public void Probe(ProbeContext context) => context.CreateScope("doDecommissionStep");

    public async Task Execute(BehaviorContext<Decommission, DecommissionStepDue> context, IBehavior<Decommission, DecommissionStepDue> next)
    {
        if (context.Saga.Current is { } current)
            await TryAsync(context.Saga, current, context.CancellationToken).ConfigureAwait(false);

        if (context.Saga.Current is null)
            context.Saga.EndedAt ??= time.GetUtcNow();

        await next.Execute(context).ConfigureAwait(false);
    }

    public Task Faulted<TException>(
        BehaviorExceptionContext<Decommission, DecommissionStepDue, TException> context, IBehavior<Decommission, DecommissionStepDue> next)
        where TException : Exception => next.Faulted(context);

    private async Task TryAsync(Decommission decommission, DecommissionStepState current, CancellationToken cancellationToken)
    {
        current.Attempts++;
        current.StartedAt ??= time.GetUtcNow();
        try
        {
            var step = steps.Single(step => step.Name == current.Name);
            await step.RunAsync(decommission, cancellationToken).ConfigureAwait(false);
            current.EndedAt = time.GetUtcNow();
            current.LastError = null;
            decommission.Pause = TimeSpan.FromMilliseconds(1);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is: past the pivot the only way is on, and GET /operations tells an operator what stands in it.
            current.LastError = exception.Message.Length > MaxErrorLength ? exception.Message[..MaxErrorLength] : exception.Message;
            var pause = FirstPause * Math.Pow(2, Math.Min(current.Attempts - 1, 20));
            decommission.Pause = pause < LongestPause ? pause : LongestPause;
            LogFailed(decommission.DeviceId, current.Name, current.Attempts, decommission.Pause, exception);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Decommission of {DeviceId}: the step {Step} failed at attempt {Attempt}; it is tried again in {Pause}.")]
    private partial void LogFailed(string deviceId, string step, int attempt, TimeSpan pause, Exception exception);
}
