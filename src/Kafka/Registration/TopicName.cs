using System.Text.RegularExpressions;
using MassTransit;

namespace IotBus.Kafka;

/// <summary>Kafka's rule for topic names: 1–249 letters, digits, dots, hyphens, underscores, and neither <c>.</c> nor <c>..</c>.</summary>
internal static class TopicName
{
    private const int MaxLength = 249;

    public static bool IsValid(string? topic) =>
        !string.IsNullOrEmpty(topic) && topic.Length <= MaxLength && topic is not "." and not ".."
        && topic.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>A regular expression, as librdkafka takes it (POSIX extended): it begins with <c>^</c>.</summary>
    public static bool IsPattern(string? topic) => topic is ['^', _, ..];

    /// <summary>Whether one of these names or patterns means the topic.</summary>
    public static bool IsAmong(string topic, string[] names) => Array.Exists(
        names, name => name == topic || (IsPattern(name) && Regex.IsMatch(topic, name, RegexOptions.NonBacktracking)));

    /// <exception cref="ConfigurationException">It is no topic name.</exception>
    public static void Check(string? topic)
    {
        if (!IsValid(topic))
            throw new ConfigurationException($"'{topic}' is no topic name: use 1 to {MaxLength} letters, digits, dots, hyphens or underscores.");
    }
}
