using System.Collections.Frozen;

namespace IotBus.ServiceDefaults.Edge;

/// <summary>Who sent a request, as the edge has established. Immutable but for its count of requests; thread-safe.</summary>
public sealed class EdgeConsumer
{
    private readonly FrozenSet<string> _groups;

    internal EdgeConsumer(string username, IEnumerable<string> groups, RequestWindow? window)
    {
        Username = username;
        _groups = groups.ToFrozenSet(StringComparer.Ordinal);
        Window = window;
    }

    public string Username { get; }

    public IReadOnlyCollection<string> Groups => _groups;

    /// <summary>What it has left of its limit; null where Kong keeps count.</summary>
    internal RequestWindow? Window { get; }

    public bool IsIn(string group) => _groups.Contains(group);

    internal bool IsInAny(string[] groups)
    {
        foreach (var group in groups)
        {
            if (_groups.Contains(group))
                return true;
        }

        return false;
    }
}
