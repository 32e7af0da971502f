using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace IotBus.Kafka;

/// <summary>
/// Dead letters by topic and reason. The rider's own reasons are there at zero from the start, so that a rate over time sees the first one.
/// Thread-safe.
/// </summary>
internal sealed class DeadLetterCounts
{
    // A reason that is longer or more than a code, or too many of them, would make a series of its own of every message.
    private const int MaxReasonLength = 64;
    private const int MaxReasons = 50;
    private const string AnyOther = "rejected";

    private readonly ConcurrentDictionary<(string Topic, string Reason), long> _counts = new();
    private readonly ConcurrentDictionary<string, byte> _reasons = new();

    public void Expect(string topic)
    {
        foreach (var reason in (string[])[DeadLetterReasons.Malformed, DeadLetterReasons.UnknownType, DeadLetterReasons.NullValue])
            _counts.TryAdd((topic, LabelOf(reason)), 0);
    }

    public void Add(string topic, string reason) => _counts.AddOrUpdate((topic, LabelOf(reason)), 1, (_, count) => count + 1);

    public IEnumerable<Measurement<long>> Observe()
    {
        foreach (var ((topic, reason), count) in _counts)
        {
            yield return new Measurement<long>(
                count, new KeyValuePair<string, object?>("topic", topic), new KeyValuePair<string, object?>("reason", reason));
        }
    }

    /// <summary>The reason itself when it is a code and one of the first so many; a common one for all others.</summary>
    public string LabelOf(string reason)
    {
        if (_reasons.ContainsKey(reason))
            return reason;

        return IsCode(reason) && _reasons.Count < MaxReasons && _reasons.TryAdd(reason, 0) ? reason : AnyOther;
    }

    private static bool IsCode(string reason) =>
        reason.Length is > 0 and <= MaxReasonLength
        && reason.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-' or '.');
}
