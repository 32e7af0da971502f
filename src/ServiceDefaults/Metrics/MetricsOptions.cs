namespace IotBus.ServiceDefaults.Metrics;

/// <summary>What <c>/metrics</c> shows; the configuration section <c>Metrics</c>.</summary>
public sealed class MetricsOptions
{
    /// <summary>Name of the histogram of the time to apply a batch, seconds.</summary>
    public const string ApplySeconds = "iotbus_apply_seconds";

    /// <summary>Name of the histogram of the time from an event to its being applied, seconds.</summary>
    public const string EventAgeSeconds = "iotbus_event_age_seconds";

    /// <summary>The meters shown; a trailing <c>*</c> stands for any ending. Others cost nothing.</summary>
    public IList<string> Meters { get; } = ["IotBus.*", "Microsoft.AspNetCore.Hosting"];

    /// <summary>
    /// Upper bounds of a histogram's buckets by the instrument's name, ascending, without +Inf. An instrument without an entry has the
    /// bounds of its own advice, else <see cref="DefaultBuckets"/>.
    /// </summary>
    public IDictionary<string, double[]> Buckets { get; } = new Dictionary<string, double[]>
    {
        [ApplySeconds] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        [EventAgeSeconds] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400],
    };

    /// <summary>The bounds of a histogram for which nothing else is said, seconds.</summary>
    public static IReadOnlyList<double> DefaultBuckets { get; } = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>The most series one instrument may have. What comes after is counted together, under the label <c>overflow="true"</c>.</summary>
    public int MaxSeries { get; set; } = 1_000;
}
