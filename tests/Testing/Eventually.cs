using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace IotBus.Testing;

/// <summary>
/// Waits for a condition with a deadline, by asking again and again. For what no event tells; a test sleeps nowhere else.
/// </summary>
public static class Eventually
{
    /// <summary>How long a condition may take when a test does not say.</summary>
    public static TimeSpan DefaultDeadline { get; } = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns once the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not hold within the deadline; the message quotes the condition.</exception>
    public static Task TrueAsync(
        Func<bool> condition,
        TimeSpan? deadline = null,
        Func<string>? state = null,
        [CallerArgumentExpression(nameof(condition))] string? expression = null) =>
        TrueAsync(() => Task.FromResult(condition()), deadline, state, expression);

    /// <summary>Returns once the condition holds.</summary>
    /// <param name="condition">Asked every 20 ms. What it throws passes to the test.</param>
    /// <param name="deadline">30 s when null.</param>
    /// <param name="state">Told in the exception: what was there instead.</param>
    /// <param name="expression">The condition's source text; the compiler fills it in.</param>
    /// <exception cref="TimeoutException">It did not hold within the deadline.</exception>
    public static async Task TrueAsync(
        Func<Task<bool>> condition,
        TimeSpan? deadline = null,
        Func<string>? state = null,
        [CallerArgumentExpression(nameof(condition))] string? expression = null)
    {
        var limit = deadline ?? DefaultDeadline;
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Interval);
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
                throw new TimeoutException($"Not within {limit.TotalSeconds:0.#} s: {expression}. {state?.Invoke()}");

            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Asks until the value passes the test, and returns it.</summary>
    /// <exception cref="TimeoutException">No value passed within the deadline; the message holds the last one.</exception>
    public static async Task<T> ValueAsync<T>(
        Func<Task<T>> value,
        Func<T, bool> accept,
        TimeSpan? deadline = null,
        [CallerArgumentExpression(nameof(accept))] string? expression = null)
    {
        var last = default(T);
        await TrueAsync(
            async () =>
            {
                last = await value();
                return accept(last);
            },
            deadline,
            () => $"Last: {last}",
            expression);
        return last!;
    }

    /// <summary>Asks until the assertion passes; when the deadline has passed, its own exception tells what was wrong.</summary>
    public static async Task PassesAsync(Func<Task> assertion, TimeSpan? deadline = null)
    {
        var limit = deadline ?? DefaultDeadline;
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Interval);
        while (true)
        {
            try
            {
                await assertion();
                return;
            }
            catch (Exception) when (Stopwatch.GetElapsedTime(started) <= limit)
            {
                await timer.WaitForNextTickAsync();
            }
        }
    }
}
