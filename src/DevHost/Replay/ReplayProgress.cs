using System.Globalization;
using IotBus.DevHost.Terminal;

namespace IotBus.DevHost.Replay;

/// <summary>Shows how far the replay is, how fast, and how long it will take.</summary>
internal sealed class ReplayProgress(LiveLine line, Tally tally, FileSurvey survey, Timeline timeline, TimeProvider clock)
{
    private const int Width = 30;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly long _started = clock.GetTimestamp();

    /// <summary>How long it has taken so far.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(_started);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                line.Show(Describe(tally.Done, survey.Rows, Elapsed, timeline.Length));
        }
        catch (OperationCanceledException)
        {
            line.Show(Describe(tally.Done, survey.Rows, Elapsed, timeline.Length));
        }
    }

    /// <summary>The progress as one line.</summary>
    public static string Describe(long done, long rows, TimeSpan elapsed, TimeSpan? length)
    {
        var share = rows == 0 ? 1 : Math.Min(1, (double)done / rows);
        var filled = (int)(share * Width);
        var rate = elapsed > TimeSpan.Zero ? done / elapsed.TotalSeconds : 0;
        var left = done >= rows ? TimeSpan.Zero
            : length is { } paced ? paced - elapsed
            : rate > 0 ? TimeSpan.FromSeconds((rows - done) / rate)
            : (TimeSpan?)null;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"[{new string('#', filled)}{new string('.', Width - filled)}] {Math.Floor(share * 100),3}%  {done:N0} of {rows:N0}  {rate:N0}/s  {Left(left)}");
    }

    private static string Left(TimeSpan? left) => left switch
    {
        null => "",
        { TotalDays: >= 1 } time => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays} d {time.Hours} h left"),
        { TotalHours: >= 1 } time => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min left"),
        { TotalMinutes: >= 1 } time => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s left"),
        { } time => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)Math.Ceiling(time.TotalSeconds))} s left"),
    };
}
