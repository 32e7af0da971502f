using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using MassTransit;
using Headers = Confluent.Kafka.Headers;

namespace IotBus.Kafka;

/// <summary>Makes the headers of messages for one topic. Thread-safe. What is the same for many messages is encoded once.</summary>
/// <param name="sourceAddress">The bus's address.</param>
/// <param name="destinationAddress">The topic's address.</param>
internal sealed class MessageHeaderWriter(Uri sourceAddress, Uri destinationAddress)
{
    private static readonly Header Json = Text(MessageHeaderNames.ContentType, "application/json");

    private readonly Header _source = Text(MessageHeaderNames.SourceAddress, sourceAddress.ToString());
    private readonly Header _destination = Text(MessageHeaderNames.DestinationAddress, destinationAddress.ToString());
    private TraceHeaders? _lastTrace;

    /// <summary>The header that tells a message's type.</summary>
    public static Header TypeHeader(Type type) => Text(MessageHeaderNames.MessageType, MessageUrn.ForTypeString(type));

    public Headers Write(Guid messageId, Guid? correlationId, Header type)
    {
        var id = GuidText.ToBytes(messageId);
        var headers = new Headers { new Header(MessageHeaderNames.MessageId, id) };
        if (correlationId is { } correlation)
            headers.Add(new Header(MessageHeaderNames.CorrelationId, correlation == messageId ? id : GuidText.ToBytes(correlation)));

        headers.Add(new Header(MessageHeaderNames.ConversationId, GuidText.ToBytes(NewId.NextGuid())));
        headers.Add(_source);
        headers.Add(_destination);
        headers.Add(Json);
        headers.Add(type);
        if (Activity.Current is { Id: { } activityId } activity)
            AddTrace(headers, activity, activityId);

        return headers;
    }

    private void AddTrace(Headers headers, Activity activity, string id)
    {
        // Messages of one request share its activity.
        var trace = _lastTrace;
        if (trace is null || !ReferenceEquals(trace.Id, id) || !ReferenceEquals(trace.State, activity.TraceStateString))
            _lastTrace = trace = new TraceHeaders(id, activity);

        headers.Add(trace.ActivityId);
        if (trace.Parent is not null)
            headers.Add(trace.Parent);

        if (trace.StateHeader is not null)
            headers.Add(trace.StateHeader);
    }

    private static Header Text(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));

    private sealed class TraceHeaders(string id, Activity activity)
    {
        public string Id { get; } = id;

        public string? State { get; } = activity.TraceStateString;

        public Header ActivityId { get; } = Text(MessageHeaderNames.ActivityId, id);

        /// <summary>Null for an activity in the older hierarchical format, which W3C's header cannot carry.</summary>
        public Header? Parent { get; } = activity.IdFormat == ActivityIdFormat.W3C ? Text(MessageHeaderNames.TraceParent, id) : null;

        public Header? StateHeader { get; } = string.IsNullOrEmpty(activity.TraceStateString)
            ? null
            : Text(MessageHeaderNames.TraceState, activity.TraceStateString);
    }
}
