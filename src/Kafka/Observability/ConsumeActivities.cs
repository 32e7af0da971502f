using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>
/// The spans of what the rider consumes. A single message's is a child of the span that produced it, and the parent of those that MassTransit makes. A
/// batch's has no parent, and a link to each message's.
/// </summary>
internal static class ConsumeActivities
{
    // What exporters keep by default (OpenTelemetry's LinkCountLimit).
    private const int MostLinks = 128;

    /// <returns>Null while nobody listens.</returns>
    public static Activity? Start(string group, ConsumeResult<byte[], byte[]> result)
    {
        if (!KafkaActivities.AreListenedTo)
            return null;

        var activity = Start(group, result.Topic, result.Partition, ContextOf(result), links: null);
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag("messaging.kafka.offset", result.Offset.Value);
            if (Text(result.Message.Headers, MessageHeaderNames.MessageId) is { } messageId)
                activity.SetTag("messaging.message.id", messageId);

            KafkaActivities.Tell(activity, result.Message.Key, result.Message.Value?.Length, Partition.Any);
        }

        return activity;
    }

    /// <param name="group">Whose batch it is.</param>
    /// <param name="results">The messages, all of one partition; at least one.</param>
    /// <returns>Null while nobody listens.</returns>
    public static Activity? Start(string group, ReadOnlySpan<ConsumeResult<byte[], byte[]>> results)
    {
        if (!KafkaActivities.AreListenedTo)
            return null;

        List<ActivityLink> links = [];
        foreach (var result in results)
        {
            if (links.Count < MostLinks && ContextOf(result) is var context && context != default)
                links.Add(new ActivityLink(context));
        }

        var activity = Start(group, results[0].Topic, results[0].Partition, default, links);
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag("messaging.batch.message_count", results.Length);
            activity.SetTag("messaging.kafka.offset", results[0].Offset.Value);
        }

        return activity;
    }

    public static void Fail(Activity? activity, MessageFailure failure)
    {
        activity?.SetTag("error.type", failure.Exception?.GetType().FullName ?? failure.Reason);
        activity?.SetStatus(ActivityStatusCode.Error, failure.Exception?.Message ?? failure.Reason);
    }

    private static Activity? Start(string group, string topic, Partition partition, ActivityContext parent, List<ActivityLink>? links)
    {
        // What a worker inherited from who started the bus has no part in the message.
        Activity.Current = null;
        var activity = KafkaActivities.Source.StartActivity($"process {topic}", ActivityKind.Consumer, parent, links: links);
        if (activity is { IsAllDataRequested: true })
        {
            KafkaActivities.Describe(activity, "process", topic);
            activity.SetTag("messaging.consumer.group.name", group);
            activity.SetTag("messaging.destination.partition.id", partition.Value.ToString(CultureInfo.InvariantCulture));
        }

        return activity;
    }

    /// <summary>As W3C writes it, or MassTransit; the default where the message has neither.</summary>
    private static ActivityContext ContextOf(ConsumeResult<byte[], byte[]> result)
    {
        var headers = result.Message.Headers;
        var id = Text(headers, MessageHeaderNames.TraceParent) ?? Text(headers, MessageHeaderNames.ActivityId);
        return ActivityContext.TryParse(id, Text(headers, MessageHeaderNames.TraceState), isRemote: true, out var context) ? context : default;
    }

    private static string? Text(Confluent.Kafka.Headers? headers, string name) =>
        headers is not null && headers.TryGetLastBytes(name, out var bytes) && bytes is not null ? Encoding.UTF8.GetString(bytes) : null;
}
