using System.Globalization;
using IotBus.DevHost.CommandLine;
using IotBus.Kafka;

namespace IotBus.DevHost.DeadLetters;

/// <summary>
/// Letters named one by one: <c>topic[partition]@offset</c>, where the topic is a dead-letter topic or the one they came from, or
/// <c>partition:offset</c> in the dead-letter topic of <c>--topic</c>, or in the only one there is.
/// </summary>
internal static class LetterPlaces
{
    private const string Suffix = ".dlq";

    /// <exception cref="UsageException">One is written otherwise, or lacks a topic.</exception>
    public static async Task<IReadOnlyCollection<MessagePlace>> ParseAsync(DlqOptions options, Func<Task<IReadOnlyList<string>>> deadLetterTopics)
    {
        HashSet<MessagePlace> places = [];
        string? topic = null;
        foreach (var text in options.Places)
        {
            if (MessagePlace.TryParse(text, out var place))
                places.Add(place);
            else if (PartitionAndOffset(text) is { } found)
                places.Add(new MessagePlace(topic ??= await TopicAsync(options, deadLetterTopics), found.Partition, found.Offset));
            else
                throw new UsageException($"\"{text}\" names no letter: write 'topic[partition]@offset', such as 'sensor-telemetry.dlq[0]@17', or partition:offset.");
        }

        return places;
    }

    private static (int Partition, long Offset)? PartitionAndOffset(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            && int.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            && long.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
                ? (partition, offset)
                : null;
    }

    private static async Task<string> TopicAsync(DlqOptions options, Func<Task<IReadOnlyList<string>>> deadLetterTopics)
    {
        if (options.Selection.Topic is { } topic)
            return topic.EndsWith(Suffix, StringComparison.Ordinal) ? topic : topic + Suffix;

        return await deadLetterTopics() switch
        {
            [var only] => only,
            [] => throw new UsageException("There is no dead-letter topic on that Kafka: none's name ends with .dlq."),
            var several => throw new UsageException($"partition:offset needs --topic, since there are several dead-letter topics: {string.Join(", ", several)}."),
        };
    }
}
