using System.Text.RegularExpressions;
using Confluent.Kafka;
using MassTransit;

namespace IotBus.Kafka;

/// <summary>The topics that an endpoint's patterns take: those that match one, without those that its client's blacklist leaves out.</summary>
internal sealed partial class TopicPatterns
{
    private readonly Regex[] _patterns;
    private readonly Regex[] _leftOut = [];

    /// <exception cref="ConfigurationException">One is no regular expression.</exception>
    public TopicPatterns(TopicEndpointDefinition endpoint)
    {
        _patterns = Parse(endpoint, endpoint.Topics.Where(TopicName.IsPattern));
        if (_patterns.Length > 0)
            _leftOut = Parse(endpoint, (ConsumerSettings.Of(new ClientConfig(), endpoint).TopicBlacklist ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries));
    }

    public bool Take(string topic) =>
        Array.Exists(_patterns, pattern => pattern.IsMatch(topic)) && !Array.Exists(_leftOut, pattern => pattern.IsMatch(topic));

    /// <summary>
    /// For each pattern the name of a topic that it takes. Of one whose forms go beyond characters, sets, groups and repetitions there may be none.
    /// </summary>
    public IEnumerable<string> Samples() => _patterns
        .Select(pattern => Form().Replace(pattern.ToString(), Once))
        .Where(sample => TopicName.IsValid(sample) && Take(sample));

    /// <summary>What stands for one character becomes one, what repeats it or groups it goes, and of alternatives the first stays.</summary>
    private static string Once(Match form) => form.Value switch
    {
        ['\\', var literal] => literal.ToString(),
        ['[', not '^', ..] set => set[1].ToString(),
        ['[', ..] or "." => "x",
        _ => "",
    };

    private static Regex[] Parse(TopicEndpointDefinition endpoint, IEnumerable<string> patterns)
    {
        try
        {
            return [.. patterns.Select(pattern => new Regex(pattern, RegexOptions.CultureInvariant))];
        }
        catch (RegexParseException exception)
        {
            throw new ConfigurationException($"The topic endpoint {endpoint.Name} has a pattern that is no regular expression: {exception.Message}", exception);
        }
    }

    [GeneratedRegex(@"\\.|\[\^?.[^\]]*\]|\.|[*+?^$()]|\{[^}]*\}|\|[^)]*")]
    private static partial Regex Form();
}
