using System.Diagnostics;
using System.Text;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>The headers of the activity that produces a message: as W3C Trace Context has them, and as MassTransit does.</summary>
internal sealed class TraceHeaders
{
    private static readonly PinnedText ActivityIdName = new(MessageHeaderNames.ActivityId);
    private static readonly PinnedText TraceParentName = new(MessageHeaderNames.TraceParent);
    private static readonly PinnedText TraceStateName = new(MessageHeaderNames.TraceState);

    private readonly string _id;
    private readonly string? _state;
    private readonly byte[] _activityId;

    // Null for an activity in the older hierarchical format, which W3C's header cannot carry.
    private readonly byte[]? _parent;
    private readonly byte[]? _stateHeader;

    private TraceHeaders(Activity activity, string id)
    {
        (_id, _state) = (id, activity.TraceStateString);
        _activityId = Encoding.UTF8.GetBytes(id);
        if (activity.IdFormat != ActivityIdFormat.W3C)
            return;

        _parent = _activityId;
        _stateHeader = string.IsNullOrEmpty(_state) ? null : Encoding.UTF8.GetBytes(_state);
    }

    /// <summary>Those of the current activity; null when there is none.</summary>
    /// <param name="last">What is handed back if it is of the same activity: messages of one request share it.</param>
    public static TraceHeaders? Current(TraceHeaders? last = null)
    {
        if (Activity.Current is not { Id: { } id } activity)
            return null;

        return last is not null && ReferenceEquals(last._id, id) && ReferenceEquals(last._state, activity.TraceStateString)
            ? last
            : new TraceHeaders(activity, id);
    }

    /// <summary>Adds them to a message that has none of them.</summary>
    public void AddTo(RecordBuffer record)
    {
        record.Add(ActivityIdName, _activityId);
        if (_parent is not null)
            record.Add(TraceParentName, _parent);

        if (_stateHeader is not null)
            record.Add(TraceStateName, _stateHeader);
    }

    /// <summary>Adds them in place of those that were handed on from what was consumed.</summary>
    public void ReplaceIn(Headers headers)
    {
        headers.Remove(MessageHeaderNames.ActivityId);
        headers.Remove(MessageHeaderNames.TraceParent);
        headers.Remove(MessageHeaderNames.TraceState);
        headers.Add(MessageHeaderNames.ActivityId, _activityId);
        if (_parent is not null)
            headers.Add(MessageHeaderNames.TraceParent, _parent);

        if (_stateHeader is not null)
            headers.Add(MessageHeaderNames.TraceState, _stateHeader);
    }
}
