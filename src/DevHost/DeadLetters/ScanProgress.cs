using System.Globalization;
using IotBus.DevHost.Terminal;
using IotBus.Kafka;

namespace IotBus.DevHost.DeadLetters;

/// <summary>Shows how far a pass over dead letters is, how fast, and how long it will take.</summary>
/// <param name="line">Where.</param>
/// <param name="done">What becomes of letters: found, replayed or dropped.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class ScanProgress(LiveLine line, string done, TimeProvider clock) : IProgress<DeadLetterProgress>
{
    private readonly long _started = clock.GetTimestamp();

    /// <summary>The last that was told.</summary>
    public DeadLetterProgress Last { get; private set; }

    public TimeSpan Elapsed => clock.GetElapsedTime(_started);

    public void Report(DeadLetterProgress value)
    {
        Last = value;
        line.Show(Describe(value, done, Elapsed));
    }

    /// <summary>Leaves nothing of it on a terminal.</summary>
    public void Clear() => line.Clear();

    /// <summary>The progress as one line.</summary>
    public static string Describe(DeadLetterProgress progress, string done, TimeSpan elapsed)
    {
        var share = progress.Records == 0 ? 1 : Math.Min(1, (double)progress.Read / progress.Records);
        var rate = elapsed > TimeSpan.Zero ? progress.Done / elapsed.TotalSeconds : 0;
        var left = share is > 0 and < 1 ? elapsed * ((1 - share) / share) : (TimeSpan?)null;
        var stay = progress.Left == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {progress.Left:N0} stay");
        return string.Create(
            CultureInfo.InvariantCulture, $"{ProgressText.Bar(share)}  {progress.Done:N0} {done}{stay}  {rate:N0}/s  {ProgressText.Left(left)}").TrimEnd();
    }
}
