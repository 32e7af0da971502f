using IotBus.DevHost.CommandLine;
using IotBus.Kafka;

namespace IotBus.DevHost.DeadLetters;

/// <summary>What <c>./iotbus dlq</c> was asked to do.</summary>
internal sealed record DlqOptions
{
    private static readonly string[] Flags = ["--all", "--json", "--yes"];
    private static readonly string[] Options =
        ["--topic", "--reason", "--key", "--from", "--to", "--newest", "--limit", "--bytes", "--rate", "--timeout", "--kafka", "--kafka-config"];

    /// <summary>The options that choose letters or say where they are: for the command that does it.</summary>
    private static readonly string[] Repeated = ["--topic", "--reason", "--key", "--from", "--to", "--rate", "--timeout", "--kafka", "--kafka-config"];

    public required DlqVerb Verb { get; init; }

    /// <summary>Which letters; the places are not among it.</summary>
    public DeadLetterSelection Selection { get; init; } = DeadLetterSelection.All;

    /// <summary>The letters named one by one, as they were typed.</summary>
    public IReadOnlyList<string> Places { get; init; } = [];

    /// <summary>Whether not all letters are meant.</summary>
    public bool ChoosesLetters => Places.Count > 0 || Selection != DeadLetterSelection.All;

    public bool Json { get; init; }

    /// <summary>Whether it is done, rather than shown what would be done.</summary>
    public bool Yes { get; init; }

    /// <summary>How many of the newest letters <c>list</c> names.</summary>
    public int Newest { get; init; } = 20;

    /// <summary>How many letters <c>show</c> shows.</summary>
    public int Limit { get; init; } = 10;

    /// <summary>How many bytes <c>show</c> shows of a value.</summary>
    public int Bytes { get; init; } = 4096;

    /// <summary>Letters replayed a second at most; null: as fast as it goes.</summary>
    public int? Rate { get; init; }

    /// <summary>How long Kafka may take for an answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The brokers' addresses; null when they are to be found.</summary>
    public string? Kafka { get; init; }

    /// <summary>A file with librdkafka's properties.</summary>
    public string? KafkaConfig { get; init; }

    /// <summary>The arguments that say which letters, and where, for a shell.</summary>
    public string Typed { get; init; } = "";

    /// <exception cref="UsageException">The arguments make no sense.</exception>
    public static DlqOptions Parse(ReadOnlySpan<string> args, DateTimeOffset now)
    {
        var verb = args.Length == 0 ? null : args[0] switch
        {
            "list" => DlqVerb.List,
            "show" => DlqVerb.Show,
            "replay" => DlqVerb.Replay,
            "drop" => DlqVerb.Drop,
            _ => (DlqVerb?)null,
        };
        if (verb is null)
            throw new UsageException("dlq takes list, show, replay or drop; ./iotbus help tells more.");

        var arguments = Arguments.Parse(args[1..], Flags, Options);
        CheckApplicable(verb.Value, arguments);
        var selection = new DeadLetterSelection
        {
            Topic = arguments.Value("--topic"),
            Reason = arguments.Value("--reason"),
            Key = arguments.Value("--key") is { } key ? KeyText.Parse(key) : default(ReadOnlyMemory<byte>?),
            From = PointInTime.Parse("--from", arguments.Value("--from"), now),
            To = PointInTime.Parse("--to", arguments.Value("--to"), now),
        };
        CheckChoice(verb.Value, arguments, selection);
        return new DlqOptions
        {
            Verb = verb.Value,
            Selection = selection,
            Places = arguments.Rest,
            Json = arguments.Has("--json"),
            Yes = arguments.Has("--yes"),
            Newest = arguments.Number("--newest", 20, 0, 10_000),
            Limit = arguments.Number("--limit", arguments.Has("--json") ? int.MaxValue : 10, 1, int.MaxValue),
            Bytes = arguments.Number("--bytes", 4096, 0, 64 * 1024 * 1024),
            Rate = arguments.Value("--rate") is null ? null : arguments.Number("--rate", 0, 1, 1_000_000),
            Timeout = TimeSpan.FromSeconds(arguments.Number("--timeout", 10, 1, 300)),
            Kafka = arguments.Value("--kafka"),
            KafkaConfig = arguments.Value("--kafka-config"),
            Typed = Command(arguments, selection),
        };
    }

    private static void CheckApplicable(DlqVerb verb, Arguments arguments)
    {
        (string Option, DlqVerb[] Verbs)[] only =
        [
            ("--json", [DlqVerb.List, DlqVerb.Show]),
            ("--yes", [DlqVerb.Replay, DlqVerb.Drop]),
            ("--all", [DlqVerb.Show, DlqVerb.Replay, DlqVerb.Drop]),
            ("--newest", [DlqVerb.List]),
            ("--limit", [DlqVerb.Show]),
            ("--bytes", [DlqVerb.Show]),
            ("--rate", [DlqVerb.Replay]),
        ];
        foreach (var (option, verbs) in only)
        {
            if (arguments.Has(option) && !verbs.Contains(verb))
                throw new UsageException($"{option} is for dlq {string.Join(" and dlq ", verbs.Select(Name))} only.");
        }
    }

    /// <summary>Whatever changes something is told what to change: nobody replays all by leaving something out.</summary>
    private static void CheckChoice(DlqVerb verb, Arguments arguments, DeadLetterSelection selection)
    {
        var chosen = arguments.Rest.Count > 0 || selection != DeadLetterSelection.All;
        if (arguments.Has("--all") && arguments.Rest.Count > 0)
            throw new UsageException("--all and single letters exclude each other.");

        if (verb != DlqVerb.List && !chosen && !arguments.Has("--all"))
        {
            throw new UsageException(
                $"dlq {Name(verb)} needs to know which letters: single ones, such as 'sensor-telemetry.dlq[0]@17', or --topic, --reason, --key, --from, --to, or --all.");
        }

        if (selection is { From: { } from, To: { } to } && from >= to)
            throw new UsageException("--from is not before --to: no letter can be of that time.");
    }

    private static string Command(Arguments arguments, DeadLetterSelection selection)
    {
        List<string> words = [.. arguments.Rest.Select(ShellWord.Quote)];
        if (arguments.Has("--all"))
            words.Add("--all");

        foreach (var option in Repeated)
        {
            // How long ago would be another time when the command is given.
            var value = option switch
            {
                "--from" => PointInTime.Text(selection.From),
                "--to" => PointInTime.Text(selection.To),
                _ => arguments.Value(option),
            };
            if (value is not null)
                words.AddRange([option, ShellWord.Quote(value)]);
        }

        return string.Join(' ', words);
    }

#pragma warning disable CA1308 // As they are typed.
    public static string Name(DlqVerb verb) => verb.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}
