using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IotBus.ServiceDefaults.Health;

/// <summary>
/// Runs the registered health checks tagged <see cref="Tag"/>, all at once, each within its own bound even when it does not heed cancellation.
/// </summary>
internal sealed class Readiness(
    IServiceScopeFactory scopes,
    IOptions<HealthCheckServiceOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider time)
{
    /// <summary>The tag of the checks that decide whether the service takes work.</summary>
    public const string Tag = "ready";

    /// <summary>The bound of a check that names none.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    private volatile Answers? _latest;

    public async Task<IReadOnlyList<CheckOutcome>> CheckAsync(CancellationToken cancellationToken)
    {
        var checks = new List<Task<CheckOutcome>>();
        foreach (var registration in options.Value.Registrations)
        {
            if (registration.Tags.Contains(Tag))
                checks.Add(RunAsync(registration, cancellationToken));
        }

        var outcomes = await Task.WhenAll(checks);
        _latest = new Answers(outcomes, time.GetTimestamp());
        return [Lifetime(), .. outcomes];
    }

    /// <summary>What the checks said when they were last asked; they are asked again when that is longer ago than <paramref name="maxAge"/>.</summary>
    public async Task<IReadOnlyList<CheckOutcome>> LatestAsync(TimeSpan maxAge, CancellationToken cancellationToken) =>
        _latest is { } latest && time.GetElapsedTime(latest.At) <= maxAge
            ? [Lifetime(), .. latest.Outcomes]
            : await CheckAsync(cancellationToken);

    /// <summary>A service that starts or stops takes no work, whatever its dependencies say.</summary>
    private CheckOutcome Lifetime()
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return new CheckOutcome("lifetime", HealthStatus.Unhealthy, "The service is stopping.", TimeSpan.Zero);

        return lifetime.ApplicationStarted.IsCancellationRequested
            ? new CheckOutcome("lifetime", HealthStatus.Healthy, null, TimeSpan.Zero)
            : new CheckOutcome("lifetime", HealthStatus.Unhealthy, "The service is starting.", TimeSpan.Zero);
    }

    private async Task<CheckOutcome> RunAsync(HealthCheckRegistration registration, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var timeout = registration.Timeout > TimeSpan.Zero ? registration.Timeout : DefaultTimeout;
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(timeout);
        var token = bound.Token;
        try
        {
            // On the pool, since a check may block before its first await; WaitAsync, since it may ignore the token.
            var result = await Task.Run(() => AskAsync(registration, token), token).WaitAsync(timeout, cancellationToken);
            return new CheckOutcome(registration.Name, result.Status, result.Description ?? result.Exception?.Message, Stopwatch.GetElapsedTime(started));
        }
        catch (Exception exception)
        {
            // Who asked may give up at the moment at which the bound ends: then nobody waits for a reason.
            cancellationToken.ThrowIfCancellationRequested();
            var reason = exception is TimeoutException or OperationCanceledException
                ? $"No answer within {timeout.TotalSeconds:0.###} s."
                : exception.Message;
            return new CheckOutcome(registration.Name, registration.FailureStatus, reason, Stopwatch.GetElapsedTime(started));
        }
    }

    private async Task<HealthCheckResult> AskAsync(HealthCheckRegistration registration, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var check = registration.Factory(scope.ServiceProvider);
        return await check.CheckHealthAsync(new HealthCheckContext { Registration = registration }, cancellationToken);
    }

    private sealed record Answers(IReadOnlyList<CheckOutcome> Outcomes, long At);
}

/// <summary>What one check said.</summary>
internal readonly record struct CheckOutcome(string Name, HealthStatus Status, string? Reason, TimeSpan Duration);

internal static class ReadinessRegistration
{
    public static void AddReadiness(this IServiceCollection services)
    {
        services.AddHealthChecks();
        services.AddSingleton<Readiness>();
    }
}
