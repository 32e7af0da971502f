namespace IotBus.DevHost.Replay;

/// <summary>When a reading is sent, and which time it carries.</summary>
internal sealed class Timeline
{
    private readonly double? _speed;
    private readonly TimeSpan _shift;
    private readonly DateTimeOffset _first;
    private readonly TimeSpan _interval;

    private Timeline(double? speed, TimeSpan shift, DateTimeOffset first, DateTimeOffset last, TimeSpan interval)
    {
        (_speed, _shift, _first, _interval) = (speed, shift, first, interval);
        Earliest = Shifted(first);
        Length = speed is null ? null : (last - first) / speed;
    }

    /// <summary>The earliest time that is sent.</summary>
    public DateTimeOffset Earliest { get; }

    /// <summary>How long the replay takes at its pace; null when it goes as fast as it can.</summary>
    public TimeSpan? Length { get; }

    public static Timeline Create(ReplayOptions options, FileSurvey survey, DateTimeOffset now)
    {
        if (survey is { Earliest: { } earliest, Latest: { } latest })
            return new Timeline(options.Speed, options.KeepTime ? TimeSpan.Zero : now - latest, earliest, latest, options.Interval);

        // No recorded time: the rows are as far apart as was asked, and the last one is now.
        var first = now - (options.Interval * Math.Max(0, survey.Rows - 1));
        return new Timeline(options.Speed, TimeSpan.Zero, first, now, options.Interval);
    }

    /// <summary>The time the reading carries.</summary>
    public DateTimeOffset TimeOf(in Reading reading) => Shifted(Recorded(reading));

    /// <summary>How long after the replay's start the reading is due.</summary>
    public TimeSpan DueAfter(in Reading reading) => _speed is null ? TimeSpan.Zero : (Recorded(reading) - _first) / _speed.Value;

    private DateTimeOffset Recorded(in Reading reading) => reading.Recorded ?? _first + (_interval * (reading.Row - 1));

    private DateTimeOffset Shifted(DateTimeOffset time) =>
        // A file that spans thousands of years must not end the replay.
        new(Math.Clamp(time.UtcTicks + _shift.Ticks, DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
}
