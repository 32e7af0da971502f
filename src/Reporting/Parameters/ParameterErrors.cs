using Microsoft.AspNetCore.Http.HttpResults;

namespace IotBus.Reporting.Parameters;

/// <summary>What is wrong with a request's parameters, the first rule that each breaks: so the caller can correct them all at once.</summary>
internal sealed class ParameterErrors
{
    private readonly Dictionary<string, string[]> _messages = new(StringComparer.Ordinal);

    public bool Any => _messages.Count > 0;

    public void Add(string parameter, string message) => _messages.TryAdd(parameter, [message]);

    /// <summary>Whether nothing is wrong with any of these.</summary>
    public bool NoneOf(params ReadOnlySpan<string> parameters)
    {
        foreach (var parameter in parameters)
        {
            if (_messages.ContainsKey(parameter))
                return false;
        }

        return true;
    }

    /// <summary>The answer 400.</summary>
    public ValidationProblem ToProblem() => TypedResults.ValidationProblem(_messages, title: "The request has parameters that are not valid.");
}
