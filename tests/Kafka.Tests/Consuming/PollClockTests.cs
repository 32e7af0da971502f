using System.Diagnostics;

namespace IotBus.Kafka.Tests;

public sealed class PollClockTests
{
    private readonly PollClock _clock;
    private long _now = Stopwatch.GetTimestamp();

    public PollClockTests() => _clock = new PollClock(Seconds(10), usualSilence: Seconds(4), () => _now);

    [Fact]
    public void In_good_health_the_age_is_that_of_the_last_poll()
    {
        for (var second = 0; second < 30; second++)
        {
            Pass(1);
            _clock.Polled();
            if (second % 4 == 0)
                _clock.Answered(TimeSpan.Zero);
        }

        Pass(0.5);
        Assert.Equal(Seconds(0.5), _clock.Age);
    }

    [Fact]
    public void A_process_that_was_stopped_shows_the_gap_until_the_coordinator_has_answered_again()
    {
        _clock.Polled();
        Pass(60);
        Assert.Equal(Seconds(60), _clock.Age);

        _clock.Polled();
        Assert.Equal(Seconds(60), _clock.Age);
        _clock.Answered(ago: Seconds(30));
        Pass(1);
        _clock.Polled();
        Assert.Equal(Seconds(61), _clock.Age);

        _clock.Answered(ago: Seconds(0.5));
        Assert.Equal(TimeSpan.Zero, _clock.Age);
    }

    [Fact]
    public void A_coordinator_that_is_silent_longer_than_usual_makes_polls_fail()
    {
        _clock.Answered(TimeSpan.Zero);
        for (var second = 0; second < 20; second++)
        {
            Pass(1);
            _clock.Polled();
        }

        Assert.Equal(Seconds(16), _clock.Age);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private void Pass(double seconds) => _now += (long)(seconds * Stopwatch.Frequency);
}
