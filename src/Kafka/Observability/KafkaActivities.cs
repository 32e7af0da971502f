using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Confluent.Kafka;
using MassTransit;

namespace IotBus.Kafka;

/// <summary>
/// The spans of what the rider produces and consumes, by OpenTelemetry's conventions for messaging on Kafka. None is made while nobody listens.
/// </summary>
public static class KafkaActivities
{
    /// <summary>What a tracer listens to.</summary>
    public const string SourceName = "IotBus.Kafka";

    private const string MessagingSystem = "kafka";
    private const int LongestKey = 256;

    internal static ActivitySource Source { get; } = new(SourceName);

    internal static bool AreListenedTo => Source.HasListeners();

    internal static Activity? StartSend(string topic) => Start("send", topic, ActivityKind.Producer);

    internal static Activity? StartSend(TopicSender sender, SendContext context) => Identify(StartSend(sender.Topic), context);

    /// <summary>What an outbox takes is created now and sent later: the message carries this span on.</summary>
    internal static Activity? StartCapture(TopicSender sender, SendContext context) => Identify(Start("create", sender.Topic, ActivityKind.Producer), context);

    internal static void Tell(Activity? activity, TopicRecord record)
    {
        if (activity is { IsAllDataRequested: true })
            Tell(activity, record.Key, record.Value?.Length, record.Partition);
    }

    internal static void Tell(Activity? activity, Guid messageId, RecordBuffer record)
    {
        if (activity is not { IsAllDataRequested: true })
            return;

        activity.SetTag("messaging.message.id", messageId.ToString());
        Tell(activity, record.HasKey ? record.Key.ToArray() : null, record.HasValue ? record.Value.Length : null, Partition.Any);
    }

    internal static void Describe(Activity activity, string operation, string topic)
    {
        activity.SetTag("messaging.system", MessagingSystem);
        activity.SetTag("messaging.operation.name", operation);
        activity.SetTag("messaging.operation.type", operation);
        activity.SetTag("messaging.destination.name", topic);
    }

    /// <param name="activity">The span.</param>
    /// <param name="key">Null when the message has none.</param>
    /// <param name="bodySize">In bytes; null for a tombstone.</param>
    /// <param name="partition"><see cref="Partition.Any"/> when it is not known.</param>
    internal static void Tell(Activity activity, byte[]? key, int? bodySize, Partition partition)
    {
        if (key is { Length: <= LongestKey } && Utf8.IsValid(key))
            activity.SetTag("messaging.kafka.message.key", Encoding.UTF8.GetString(key));

        if (bodySize is null)
            activity.SetTag("messaging.kafka.message.tombstone", true);
        else
            activity.SetTag("messaging.message.body.size", bodySize);

        if (partition != Partition.Any)
            activity.SetTag("messaging.destination.partition.id", partition.Value.ToString(CultureInfo.InvariantCulture));
    }

    internal static void Fail(Activity? activity, Exception exception)
    {
        if (activity is null)
            return;

        var type = exception is TopicProduceException { Failure: var failure } ? failure.ToString() : exception.GetType().FullName;
        activity.SetTag("error.type", type);
        activity.SetStatus(ActivityStatusCode.Error, exception.Message);
    }

    private static Activity? Start(string operation, string topic, ActivityKind kind)
    {
        if (!AreListenedTo || Source.StartActivity($"{operation} {topic}", kind) is not { } activity)
            return null;

        Describe(activity, operation, topic);
        return activity;
    }

    private static Activity? Identify(Activity? activity, SendContext context)
    {
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag("messaging.message.id", context.MessageId?.ToString());
            activity.SetTag("messaging.message.conversation_id", context.ConversationId?.ToString());
        }

        return activity;
    }
}
