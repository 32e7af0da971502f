namespace IotBus.Reporting.Parameters;

/// <summary>What is wrong with a request's parameters, by parameter: all of it, so that the caller corrects the request once.</summary>
internal sealed class ParameterErrors
{
    private readonly Dictionary<string, string[]> _messages = new(StringComparer.Ordinal);

    public bool Any => _messages.Count > 0;

    public void Add(string parameter, string message) =>
        _messages[parameter] = _messages.TryGetValue(parameter, out var earlier) ? [.. earlier, message] : [message];

    public IDictionary<string, string[]> ToDictionary() => _messages;
}
