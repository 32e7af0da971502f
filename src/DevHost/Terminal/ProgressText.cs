using System.Globalization;

namespace IotBus.DevHost.Terminal;

/// <summary>How far something is, and how long it will take.</summary>
internal static class ProgressText
{
    private const int Width = 30;

    /// <summary>A bar and its percentage.</summary>
    /// <param name="share">0 to 1.</param>
    public static string Bar(double share)
    {
        var filled = (int)(share * Width);
        return string.Create(CultureInfo.InvariantCulture, $"[{new string('#', filled)}{new string('.', Width - filled)}] {Math.Floor(share * 100),3}%");
    }

    /// <summary>The time left in its two largest units; empty when it is not known.</summary>
    public static string Left(TimeSpan? left) => left switch
    {
        null => "",
        { TotalDays: >= 1 } time => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays} d {time.Hours} h left"),
        { TotalHours: >= 1 } time => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min left"),
        { TotalMinutes: >= 1 } time => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s left"),
        { } time => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)Math.Ceiling(time.TotalSeconds))} s left"),
    };
}
