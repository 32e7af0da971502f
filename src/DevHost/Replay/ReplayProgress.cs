using System.Globalization;
using IotBus.DevHost.Terminal;

namespace IotBus.DevHost.Replay;

/// <summary>Shows how far the replay is, how fast, and how long it will take.</summary>
internal sealed class ReplayProgress(LiveLine line, Tally tally, FileSurvey survey, Timeline timeline, TimeProvider clock)
{
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
        var rate = elapsed > TimeSpan.Zero ? done / elapsed.TotalSeconds : 0;
        var left = done >= rows ? TimeSpan.Zero
            : length is { } paced ? paced - elapsed
            : rate > 0 ? TimeSpan.FromSeconds((rows - done) / rate)
            : (TimeSpan?)null;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{ProgressText.Bar(share)}  {done:N0} of {rows:N0}  {rate:N0}/s  {ProgressText.Left(left)}");
    }
}
