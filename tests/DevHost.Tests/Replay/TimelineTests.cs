using IotBus.DevHost.Replay;

namespace IotBus.DevHost.Tests.Replay;

public sealed class TimelineTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Recorded = new(2016, 3, 15, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_file_ends_now()
    {
        var timeline = Of(new ReplayOptions { File = "f" }, At(1, Recorded), At(2, Recorded.AddMinutes(10)));

        Assert.Equal(Now.AddMinutes(-10), timeline.TimeOf(At(1, Recorded)));
        Assert.Equal(Now, timeline.TimeOf(At(2, Recorded.AddMinutes(10))));
    }

    [Fact]
    public void The_recorded_time_can_be_kept()
    {
        var timeline = Of(new ReplayOptions { File = "f", KeepTime = true }, At(1, Recorded));

        Assert.Equal(Recorded, timeline.TimeOf(At(1, Recorded)));
    }

    [Fact]
    public void A_reading_is_due_at_the_recorded_pace_times_the_speed()
    {
        var timeline = Of(new ReplayOptions { File = "f", Speed = 60 }, At(1, Recorded), At(2, Recorded.AddMinutes(10)));

        Assert.Equal(TimeSpan.FromSeconds(10), timeline.DueAfter(At(2, Recorded.AddMinutes(10))));
        Assert.Equal(TimeSpan.FromSeconds(10), timeline.Length);
    }

    [Fact]
    public void As_fast_as_it_goes_all_is_due_at_once()
    {
        var timeline = Of(new ReplayOptions { File = "f", Speed = null }, At(1, Recorded), At(2, Recorded.AddMinutes(10)));

        Assert.Equal(TimeSpan.Zero, timeline.DueAfter(At(2, Recorded.AddMinutes(10))));
        Assert.Null(timeline.Length);
    }

    [Fact]
    public void Rows_without_a_time_are_spaced_and_the_last_one_is_now()
    {
        var options = new ReplayOptions { File = "f", Interval = TimeSpan.FromSeconds(5) };

        var timeline = Of(options, At(1, null), At(2, null), At(3, null));

        Assert.Equal(Now.AddSeconds(-10), timeline.TimeOf(At(1, null)));
        Assert.Equal(Now, timeline.TimeOf(At(3, null)));
        Assert.Equal(TimeSpan.FromSeconds(5), timeline.DueAfter(At(2, null)));
    }

    [Fact]
    public void A_file_that_spans_all_time_is_held_at_its_edge()
    {
        var timeline = Of(new ReplayOptions { File = "f" }, At(1, DateTimeOffset.MinValue), At(2, DateTimeOffset.MaxValue));

        Assert.Equal(DateTimeOffset.MinValue, timeline.TimeOf(At(1, DateTimeOffset.MinValue)));
        Assert.Equal(Now, timeline.TimeOf(At(2, DateTimeOffset.MaxValue)));
    }

    private static Timeline Of(ReplayOptions options, params Reading[] readings)
    {
        var survey = new FileSurvey();
        foreach (var reading in readings)
            survey.Add(reading);

        return Timeline.Create(options, survey, Now);
    }

    private static Reading At(long row, DateTimeOffset? recorded) => new(row, row + 1, "d", "z", 1, 2, recorded);
}
