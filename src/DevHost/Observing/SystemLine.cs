using System.Globalization;

namespace IotBus.DevHost.Observing;

/// <summary>The one line of <c>./iotbus up</c>.</summary>
internal static class SystemLine
{
    public static string Describe(SystemNumbers now, double acceptedPerSecond, double? ageP99) => string.Create(
        CultureInfo.InvariantCulture,
        $"accepted {now.Accepted:N0} ({acceptedPerSecond:N0}/s)  applied {now.Applied:N0}  duplicates {now.Duplicates:N0}  rejected {now.Rejected:N0}  dead letters {now.DeadLetters:N0}  lag {now.Lag:N0}  age p99 {Age(ageP99)}");

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
