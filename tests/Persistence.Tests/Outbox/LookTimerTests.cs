using IotBus.Testing;

namespace IotBus.Persistence.Tests;

public sealed class LookTimerTests : IDisposable
{
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly LookTimer _timer;

    public LookTimerTests() => _timer = new LookTimer(_time);

    [Fact]
    public async Task It_waits_as_long_as_it_is_told()
    {
        var wait = _timer.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None);

        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(wait.IsCompleted);
        await AdvanceUntilAsync(wait);
    }

    [Fact]
    public async Task The_earliest_that_anybody_asks_for_counts()
    {
        var wait = _timer.WaitAsync(TimeSpan.FromHours(1), CancellationToken.None);

        _timer.LookIn(TimeSpan.FromMinutes(5));
        _timer.LookIn(TimeSpan.Zero);
        _timer.LookIn(TimeSpan.FromMinutes(10));

        await wait.WaitAsync(Eventually.DefaultDeadline);
    }

    [Fact]
    public async Task What_was_asked_for_during_a_look_is_not_forgotten()
    {
        _timer.Begin();
        _timer.LookIn(TimeSpan.Zero);

        await _timer.WaitAsync(TimeSpan.FromHours(1), CancellationToken.None).WaitAsync(Eventually.DefaultDeadline);
    }

    [Fact]
    public async Task A_message_due_in_a_thousand_years_is_waited_for()
    {
        _timer.LookIn(TimeSpan.FromDays(365_000));

        var wait = _timer.WaitAsync(TimeSpan.FromSeconds(1), CancellationToken.None);

        await AdvanceUntilAsync(wait);
    }

    [Fact]
    public async Task Stopping_ends_the_wait()
    {
        using var stop = new CancellationTokenSource();
        var wait = _timer.WaitAsync(TimeSpan.FromHours(1), stop.Token);

        await stop.CancelAsync();

        await wait.WaitAsync(Eventually.DefaultDeadline);
    }

    public void Dispose() => _timer.Dispose();

    private Task AdvanceUntilAsync(Task wait) => Eventually.TrueAsync(() =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(100));
        return wait.IsCompleted;
    });
}
