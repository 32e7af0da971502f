using System.Globalization;
using IotBus.DevHost.CommandLine;

namespace IotBus.DevHost.Replay;

/// <summary>What <c>./iotbus replay</c> was asked to do.</summary>
internal sealed record ReplayOptions
{
    private static readonly string[] Flags = ["--keep-time"];

    private static readonly string[] Options =
        ["--speed", "--map", "--interval", "--batch", "--in-flight", "--url", "--apikey", "--reporting-url", "--processors-url"];

    public required string File { get; init; }

    /// <summary>Recorded pace times this; null is as fast as it goes.</summary>
    public double? Speed { get; init; } = 1;

    public IReadOnlyDictionary<string, string> Mapping { get; init; } = new Dictionary<string, string>();

    /// <summary>Leave the recorded time as it is, instead of shifting it so that the file ends now.</summary>
    public bool KeepTime { get; init; }

    /// <summary>Between two rows of a file that records no time.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Readings a request.</summary>
    public int Batch { get; init; } = 2_000;

    /// <summary>Requests at once. Those of one device are never at once, so that they stay in order.</summary>
    public int InFlight { get; init; } = 4;

    public Uri Api { get; init; } = new("http://127.0.0.1:8080/");

    public string ApiKey { get; init; } = DevelopmentKey.Value;

    public Uri Reporting { get; init; } = new("http://127.0.0.1:8081/");

    /// <summary>The management address of the processors.</summary>
    public Uri Processors { get; init; } = new("http://127.0.0.1:9082/");

    /// <summary>How long one request is tried again before the replay gives up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

    /// <exception cref="UsageException">The arguments make no sense.</exception>
    public static ReplayOptions Parse(ReadOnlySpan<string> args)
    {
        var arguments = Arguments.Parse(args, Flags, Options);
        if (arguments.Rest.Count != 1)
            throw new UsageException(arguments.Rest.Count == 0 ? "replay needs a file." : "replay takes one file.");

        return new ReplayOptions
        {
            File = arguments.Rest[0],
            Speed = ParseSpeed(arguments.Value("--speed")),
            Mapping = ColumnMap.ParseMapping(arguments.Values("--map")),
            KeepTime = arguments.Has("--keep-time"),
            Interval = ParseInterval(arguments.Value("--interval")),
            Batch = arguments.Number("--batch", 2_000, 1, 50_000),
            InFlight = arguments.Number("--in-flight", 4, 1, 64),
            Api = arguments.Address("--url", "http://127.0.0.1:8080"),
            ApiKey = arguments.Value("--apikey") ?? DevelopmentKey.Value,
            Reporting = arguments.Address("--reporting-url", "http://127.0.0.1:8081"),
            Processors = arguments.Address("--processors-url", "http://127.0.0.1:9082"),
        };
    }

    private static double? ParseSpeed(string? text)
    {
        if (text is null or "max")
            return text is null ? 1 : null;

        return Number(text) is > 0 and <= 1e9 and var speed
            ? speed
            : throw new UsageException($"--speed takes a positive number, or max, not \"{text}\".");
    }

    private static TimeSpan ParseInterval(string? text)
    {
        if (text is null)
            return TimeSpan.FromSeconds(1);

        return Number(text) is >= 0.001 and <= 86_400 and var seconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"--interval takes seconds, 0.001 to 86400, not \"{text}\".");
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
