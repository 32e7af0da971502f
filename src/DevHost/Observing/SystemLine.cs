using System.Globalization;

namespace IotBus.DevHost.Observing;

/// <summary>The one line of <c>./iotbus up</c>.</summary>
internal static class SystemLine
{
    /// <summary>The line in words, or shorter when these would not fit.</summary>
    public static string Describe(SystemNumbers now, double acceptedPerSecond, double? ageP99, int width = int.MaxValue)
    {
        var age = Age(ageP99);

        // A replay at full speed fills the embedded broker again and again; that would look alarming among what was rejected.
        var deferred = now.Deferred > 0 ? string.Create(CultureInfo.InvariantCulture, $"  deferred {now.Deferred:N0}") : "";
        var full = string.Create(
            CultureInfo.InvariantCulture,
            $"accepted {now.Accepted:N0} ({acceptedPerSecond:N0}/s)  applied {now.Applied:N0}  duplicates {now.Duplicates:N0}  rejected {now.Rejected:N0}{deferred}  dead letters {now.DeadLetters:N0}  lag {now.Lag:N0}  age p99 {age}");
        return full.Length <= width
            ? full
            : string.Create(
                CultureInfo.InvariantCulture,
                $"acc {now.Accepted:N0}  app {now.Applied:N0}  dup {now.Duplicates:N0}  rej {now.Rejected:N0}{deferred.Replace("deferred", "def", StringComparison.Ordinal)}  dead {now.DeadLetters:N0}  lag {now.Lag:N0}  p99 {age}");
    }

    private static string Age(double? seconds) => seconds switch
    {
        null => "-",
        double.PositiveInfinity => "over a day",
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0} ms"),
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
        < 7_200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0} h"),
    };
}
