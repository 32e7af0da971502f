using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>What may not be said of a producer's client, because a message would count as acknowledged that is not, or never count as acknowledged.</summary>
internal static class ProducerPromises
{
    // Confluent.Kafka has no property for it.
    private const string OnlyErrors = "delivery.report.only.error";

    /// <summary>What is wrong, and what to change.</summary>
    public static IEnumerable<string> Broken(ProducerConfig config)
    {
        if (config.Acks is { } acks && acks != Acks.All && config.EnableIdempotence != false)
            yield return $"has Acks {acks}, but an idempotent producer waits for all in-sync replicas: remove Acks, or set EnableIdempotence to false too.";

        if (config.TransactionalId is not null || config.TransactionTimeoutMs is not null)
            yield return "has a TransactionalId or a TransactionTimeout, and the rider does not produce in transactions: remove it. An outbox does what they would.";

        if (config.EnableDeliveryReports == false)
            yield return "has no delivery reports, without which no message is ever acknowledged: remove EnableDeliveryReports.";

        if (config.Get(OnlyErrors) is { } only && !only.Equals("false", StringComparison.OrdinalIgnoreCase))
            yield return $"has {OnlyErrors} {only}, so that no report says that a message was written: remove it.";

        if (config.MessageTimeoutMs == 0)
            yield return "has a MessageTimeout of 0, so that a message may wait without end: remove it, or set it to 1 ms or more.";

        if (config.EnableBackgroundPoll == false)
            yield return "does not poll in the background, without which no message is ever acknowledged: remove EnableBackgroundPoll.";

        if (config.DeliveryReportFields is { } fields && !fields.Split(',', StringSplitOptions.TrimEntries).Any(field => field is "all" or "status"))
            yield return $"has DeliveryReportFields {fields}, so that no report says whether a message was written: remove it, or add status.";
    }
}
