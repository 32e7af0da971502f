using IotBus.Api.Events;
using IotBus.Api.Problems;
using IotBus.Api.Producing;
using IotBus.Messages;

namespace IotBus.Api.Batches;

/// <summary>Counts what becomes of a batch's lines, and remembers those that were not accepted. Not thread-safe.</summary>
internal sealed class BatchTally(int maxErrors)
{
    private static readonly string[] TypeOfKind = ["", EventTypes.Boot, EventTypes.Telemetry, EventTypes.FirmwareUpdate, EventTypes.Alert];

    private readonly int[] _acceptedByKind = new int[TypeOfKind.Length];
    private readonly Dictionary<string, int> _rejectedByReason = [];
    private readonly List<LineError> _errors = [];
    private int _described;

    public int Accepted { get; private set; }

    public int Rejected { get; private set; }

    public int Unacknowledged { get; private set; }

    /// <summary>The longest that a line to send again should wait.</summary>
    public TimeSpan RetryAfter { get; private set; }

    public void Accept(LineKind kind)
    {
        Accepted++;
        _acceptedByKind[(int)kind]++;
    }

    public void Reject(int line, string reason, string error, Guid? eventId = null, Dictionary<string, string[]>? errors = null)
    {
        Rejected++;
        Count(reason);
        if (_described++ < maxErrors)
            _errors.Add(new LineError { Line = line, EventId = eventId, Error = error, Errors = errors });
    }

    /// <summary>Such a line is always described, since the client must know which to send again; the window bounds how many there can be.</summary>
    public void Refuse(int line, Guid eventId, ProduceRefusal refusal)
    {
        if (refusal.RetryAfter is not { } delay)
        {
            Reject(line, refusal.Reason, refusal.Error, eventId);
            return;
        }

        Unacknowledged++;
        Count(refusal.Reason);
        RetryAfter = delay > RetryAfter ? delay : RetryAfter;
        _errors.Add(new LineError { Line = line, EventId = eventId, Error = refusal.Error, Retry = true });
    }

    public void Report(IngestionMetrics metrics)
    {
        for (var kind = 1; kind < _acceptedByKind.Length; kind++)
        {
            if (_acceptedByKind[kind] > 0)
                metrics.Accepted(TypeOfKind[kind], _acceptedByKind[kind]);
        }

        foreach (var (reason, count) in _rejectedByReason)
            metrics.Rejected(reason, count);
    }

    public BatchAnswer ToAnswer(int? resumeFromLine)
    {
        _errors.Sort((left, right) => left.Line.CompareTo(right.Line));
        return new BatchAnswer
        {
            Accepted = Accepted,
            Rejected = Rejected,
            Unacknowledged = Unacknowledged,
            ResumeFromLine = resumeFromLine,
            Errors = _errors,
            ErrorsOmitted = Math.Max(_described - maxErrors, 0),
        };
    }

    private void Count(string reason) => _rejectedByReason[reason] = _rejectedByReason.GetValueOrDefault(reason) + 1;
}
