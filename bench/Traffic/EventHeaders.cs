using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using IotBus.Kafka;
using IotBus.Messages;

namespace IotBus.Bench.Traffic;

/// <summary>The headers of events. One instance serves one request: its events share a trace.</summary>
internal sealed class EventHeaders
{
    private static readonly Header Source = Text(MessageHeaderNames.SourceAddress, "loopback://localhost/");
    private static readonly Header ContentType = Text(MessageHeaderNames.ContentType, "application/json");
    private static readonly Header Type = Text(MessageHeaderNames.MessageType, MessageUrns.TelemetryRecorded);

    private readonly HeaderSet _set;
    private readonly Header _destination;
    private readonly Header _activityId;
    private readonly Header _traceParent;

    public EventHeaders(string topic, HeaderSet set = HeaderSet.Api)
    {
        _set = set;
        var trace = $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-00";
        _destination = Text(MessageHeaderNames.DestinationAddress, $"loopback://localhost/kafka/{topic}");
        _activityId = Text(MessageHeaderNames.ActivityId, trace);
        _traceParent = Text(MessageHeaderNames.TraceParent, trace);
    }

    public Headers Of(TelemetryRecorded reading)
    {
        var id = Encoding.UTF8.GetBytes(reading.EventId.ToString());
        return _set == HeaderSet.Needed ? Needed(id) : All(id);
    }

    private static Headers Needed(byte[] id) => new() { new Header(MessageHeaderNames.MessageId, id), Type, ContentType };

    private Headers All(byte[] id) =>
        new()
        {
            new Header(MessageHeaderNames.MessageId, id),
            new Header(MessageHeaderNames.CorrelationId, id),
            Text(MessageHeaderNames.ConversationId, Guid.CreateVersion7().ToString()),
            Source,
            _destination,
            ContentType,
            Type,
            _activityId,
            _traceParent,
        };

    private static Header Text(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));
}
