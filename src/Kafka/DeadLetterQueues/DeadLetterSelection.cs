namespace IotBus.Kafka;

/// <summary>Which dead letters: those that fit all that is set. Nothing set: all of them.</summary>
public sealed record DeadLetterSelection
{
    /// <summary>Every dead letter.</summary>
    public static DeadLetterSelection All { get; } = new();

    /// <summary>The topic they came from, or the dead-letter topic they are in. Letters that do not tell are taken to be of their dead-letter topic's.</summary>
    public string? Topic { get; init; }

    /// <summary>Why they were put aside.</summary>
    public string? Reason { get; init; }

    /// <summary>The message's key, all of its bytes.</summary>
    public ReadOnlyMemory<byte>? Key { get; init; }

    /// <summary>Put aside at this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Put aside before this time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>
    /// Where they lie, in a dead-letter topic, or where they came from, in another; any when empty. Letters named by where they lie are read
    /// without reading all that lie before them.
    /// </summary>
    public IReadOnlyCollection<MessagePlace> Places { get; init; } = [];

    /// <summary>Whether letters of that dead-letter topic can fit.</summary>
    internal bool MayLieIn(string deadLetterTopic, string suffix)
    {
        if (Places.Count > 0 && Places.All(place => IsDeadLetterTopic(place.Topic, suffix) && place.Topic != deadLetterTopic))
            return false;

        return Topic is null || !IsDeadLetterTopic(Topic, suffix) || Topic == deadLetterTopic;
    }

    internal bool Fits(DeadLetter letter, string suffix)
    {
        if (Places.Count > 0 && !Places.Contains(letter.Place) && !(letter.Origin is { } origin && Places.Contains(origin)))
            return false;

        if (Topic is not null && Topic != letter.Place.Topic && Topic != (letter.Origin?.Topic ?? letter.Place.Topic[..^suffix.Length]))
            return false;

        if (Reason is not null && Reason != letter.Reason)
            return false;

        if (Key is { } key && !(letter.Key is { } its && its.Span.SequenceEqual(key.Span)))
            return false;

        return (From is null || letter.At >= From) && (To is null || letter.At < To);
    }

    internal static bool IsDeadLetterTopic(string topic, string suffix) => topic.Length > suffix.Length && topic.EndsWith(suffix, StringComparison.Ordinal);
}
