using System.Diagnostics;
using System.Text;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>The headers of the activity that produces a message: as W3C Trace Context has them, and as MassTransit does.</summary>
internal sealed class TraceHeaders
{
    private readonly string _id;
    private readonly string? _state;
    private readonly Header _activityId;

    // Null for an activity in the older hierarchical format, which W3C's header cannot carry.
    private readonly Header? _parent;
    private readonly Header? _stateHeader;

    private TraceHeaders(Activity activity, string id)
    {
        (_id, _state) = (id, activity.TraceStateString);
        _activityId = Text(MessageHeaderNames.ActivityId, id);
        if (activity.IdFormat != ActivityIdFormat.W3C)
            return;

        _parent = Text(MessageHeaderNames.TraceParent, id);
        _stateHeader = string.IsNullOrEmpty(_state) ? null : Text(MessageHeaderNames.TraceState, _state);
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

    /// <summary>Adds them to headers that have none of them.</summary>
    public void AddTo(Headers headers)
    {
        headers.Add(_activityId);
        if (_parent is not null)
            headers.Add(_parent);

        if (_stateHeader is not null)
            headers.Add(_stateHeader);
    }

    /// <summary>Adds them in place of those that were handed on from what was consumed.</summary>
    public void ReplaceIn(Headers headers)
    {
        headers.Remove(MessageHeaderNames.ActivityId);
        headers.Remove(MessageHeaderNames.TraceParent);
        headers.Remove(MessageHeaderNames.TraceState);
        AddTo(headers);
    }

    private static Header Text(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));
}
